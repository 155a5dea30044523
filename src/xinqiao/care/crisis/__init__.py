"""Cases: what a school does for a child in danger, from the first judgement to an end with a reason.

Below it, alerts says who needs attention; a case says who helps, how, and until when. Its level is written down to
alerts.
"""
