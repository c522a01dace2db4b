SELECT count(*)
FROM cases
