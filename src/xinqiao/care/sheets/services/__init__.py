"""Changes by staff: papers, sittings, excuses. What pupils do goes through the intake."""
