"""XinQiao (心桥): a region's student mental-health work, from the roster to the child who must be seen today."""
