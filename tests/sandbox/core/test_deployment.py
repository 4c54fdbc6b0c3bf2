from __future__ import annotations

from django.core.checks import run_checks


def test_a_deployment_with_the_sandbox_switched_on_fails_its_check():
    found = run_checks(include_deployment_checks=True)

    assert "billing_sandbox.E001" in {problem.id for problem in found}


def test_a_site_at_work_is_not_bothered():
    found = run_checks()

    assert "billing_sandbox.E001" not in {problem.id for problem in found}
