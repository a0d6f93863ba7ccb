"""What somebody may refer to."""

from referrals.models import Programme
from waymark.demo import making


def test_a_programme_of_the_whole_area_is_open_to_a_school_of_one_district(world):
    notts = world.city.parent
    whole = making.programme("Whole", world.school, [notts])
    derby = Programme.objects.get(name="Derwent Steps")

    assert whole in Programme.objects.open_to(world.alex)
    assert world.programme in Programme.objects.open_to(world.cora)
    assert derby not in Programme.objects.open_to(world.alex)
    assert not Programme.objects.open_to(world.max).exists()
