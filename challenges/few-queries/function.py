"""Where along a road of 1000 m should the well be? Every bucket is carried home."""

ROAD = 1000.0
# (place of a house in metres, buckets that it needs a day)
HOUSES = [(31.25, 3), (118.5, 5), (207.75, 2), (344.0, 4), (389.5, 5), (640.25, 6), (871.0, 3)]


def f(x):
    """Bucket-metres a day for a well at x."""
    if not 0.0 <= x <= ROAD:
        raise ValueError("the road runs from 0 to 1000")
    return sum(buckets * abs(x - place) for place, buckets in HOUSES)
