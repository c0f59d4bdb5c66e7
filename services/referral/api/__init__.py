"""The district's HTTP face: handlings, referrals, and the directory of programmes and agencies."""
