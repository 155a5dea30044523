"""What a pack says of mentors and of the contact with families. No Django here."""

from xinqiao.register.policy.pack_parts import Count, Sourced, Struct


class Mentors(Struct, frozen=True):
    """How pupils are dealt to mentors: pupils of one mentor at most, whether a class teacher may have pupils of the own
    class, and whether brothers and sisters go to one mentor."""

    most_pupils: Sourced[Count]
    own_class: Sourced[bool]
    siblings_together: Sourced[bool]
