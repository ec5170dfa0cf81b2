import datetime as dt

from custody.synth import clock


def test_times_are_written_as_python_writes_them() -> None:
    for millis in range(0, clock.DAYS * 86_400_000, 7_654_321):
        when = clock.START + dt.timedelta(milliseconds=millis)
        assert clock.iso(millis, " ") == when.strftime("%Y-%m-%d %H:%M:%S.") + f"{millis % 1000:03d}"
        assert clock.syslog(millis) == when.strftime("Oct %e %H:%M:%S")


def test_moments_ascend_and_stay_within_the_window() -> None:
    moments = [clock.moment(i, 5000, i * 7919) for i in range(5000)]
    assert moments == sorted(moments)
    assert len(set(moments)) == 5000
    assert 0 <= moments[0] <= moments[-1] < clock.DAYS * 86_400_000


def test_first_day_is_the_start() -> None:
    assert clock.START.date().isoformat() == clock.FIRST_DAY
