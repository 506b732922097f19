"""The house profile of hypothesis: the same draws on every machine. `--hypothesis-profile=explore` draws new ones."""

import signal

from hypothesis import HealthCheck, settings

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("house", max_examples=40, deadline=None, derandomize=True, suppress_health_check=SLOW_IS_FINE)
settings.register_profile("explore", max_examples=400, deadline=None, suppress_health_check=SLOW_IS_FINE)
settings.load_profile("house")

# A shell that starts its jobs with `&` has them ignore Ctrl-C, and whatever they start inherits that: the tests that
# interrupt a process would wait in vain.
signal.signal(signal.SIGINT, signal.default_int_handler)
