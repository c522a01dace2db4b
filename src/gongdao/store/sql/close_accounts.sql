-- People whose only post was that buyer: their account loses name, address and password.
UPDATE account_user AS u SET
    is_active = FALSE, first_name = '', last_name = '', email = '', password = '!',
    username = 'erased-' || u.id::text
FROM membership AS m
WHERE
    m.user_id = u.id AND m.marketplace_id = %(marketplace_id)s AND m.buyer_id = %(buyer_id)s
    AND NOT EXISTS (
        SELECT 1 FROM membership AS n WHERE n.user_id = u.id AND n.id <> m.id
    )
