"""The pure part of referrals: what a referral may become, why not, and what an institution is shown."""
