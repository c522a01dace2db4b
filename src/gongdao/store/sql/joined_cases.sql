-- The cases of a group, those that ended included, in the order in which they joined.
SELECT case_id
FROM joined_case
WHERE group_id = %(group_id)s
ORDER BY since, case_id
