"""One public verb per user-visible act: ask the policy, tell Stripe, let the answer in."""
