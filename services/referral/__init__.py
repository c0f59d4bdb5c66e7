"""The district's side of a case: handling, referrals to agencies, proposals to national programmes."""
