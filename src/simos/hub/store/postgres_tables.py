"""The hub's tables on PostgreSQL, as numbered steps. A step that was released is never changed; a new one is added.

All lie in the schema `hub`, so that the register may live in the same database. The tenant leads every key: a table can
be distributed by it (Citus). Text is compared by code point (COLLATE "C"), as on SQLite, whatever the server's locale.
"""

_TEXT = 'text COLLATE "C" NOT NULL'

STEPS: tuple[tuple[str, ...], ...] = (
    (
        f"""CREATE TABLE entity (
            tenant {_TEXT},
            id {_TEXT},
            types {_TEXT},
            scopes {_TEXT},
            doc {_TEXT},
            created_at bigint NOT NULL,
            modified_at bigint NOT NULL,
            west double precision,
            south double precision,
            east double precision,
            north double precision,
            PRIMARY KEY (tenant, id)
        ) WITH (fillfactor = 70)""",  # room beside each row for its next version: it is overwritten all day
        """CREATE INDEX entity_box ON entity USING gist (box(point(west, south), point(east, north)))
            WHERE west IS NOT NULL""",
        f"""CREATE TABLE entity_type (
            tenant {_TEXT},
            type {_TEXT},
            entity {_TEXT},
            PRIMARY KEY (tenant, type, entity)
        )""",
        f"""CREATE TABLE entity_attribute (
            tenant {_TEXT},
            attribute {_TEXT},
            entity {_TEXT},
            PRIMARY KEY (tenant, attribute, entity)
        )""",
        f"""CREATE TABLE series (
            tenant {_TEXT},
            id bigint GENERATED ALWAYS AS IDENTITY,
            entity {_TEXT},
            attribute {_TEXT},
            dataset {_TEXT},
            PRIMARY KEY (tenant, id),
            UNIQUE (tenant, entity, attribute, dataset)
        )""",
        f"""CREATE TABLE history (
            tenant {_TEXT},
            series bigint NOT NULL,
            at bigint NOT NULL,
            number double precision,
            instance {_TEXT},
            PRIMARY KEY (tenant, series, at)
        )""",
        f"""CREATE TABLE change (
            tenant {_TEXT},
            seq bigint NOT NULL,
            at bigint NOT NULL,
            entity {_TEXT},
            types {_TEXT},
            kind {_TEXT},
            attributes {_TEXT},
            PRIMARY KEY (tenant, seq)
        )""",
        "CREATE INDEX change_in_order ON change (seq)",
        f"""CREATE TABLE log_head (
            one integer PRIMARY KEY CHECK (one = 1),
            seq bigint NOT NULL,
            epoch {_TEXT},
            epoch_start bigint NOT NULL
        ) WITH (fillfactor = 10)""",
        f"CREATE TABLE tenant (name {_TEXT} PRIMARY KEY)",
        f"""CREATE TABLE token (
            id {_TEXT} PRIMARY KEY,
            name {_TEXT},
            secret_sha256 {_TEXT} UNIQUE,
            tenants {_TEXT},
            types {_TEXT},
            may_write bigint NOT NULL,
            may_administer bigint NOT NULL,
            expires_at bigint,
            created_at bigint NOT NULL
        )""",
        f"""CREATE TABLE device (
            tenant {_TEXT},
            id {_TEXT},
            name {_TEXT},
            token {_TEXT},
            last_seen_at bigint,
            PRIMARY KEY (tenant, id)
        )""",
        f"""CREATE TABLE rejection (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tenant {_TEXT},
            source {_TEXT},
            topic {_TEXT},
            payload bytea NOT NULL,
            reason {_TEXT},
            at bigint NOT NULL
        )""",
    ),
    (
        "ALTER TABLE change ADD COLUMN former text NOT NULL DEFAULT '{}'",
        f"""CREATE TABLE subscription (
            tenant {_TEXT},
            id {_TEXT},
            document {_TEXT},
            context {_TEXT},
            types {_TEXT},
            since bigint NOT NULL,
            created_at bigint NOT NULL,
            modified_at bigint NOT NULL,
            PRIMARY KEY (tenant, id)
        )""",
        f"""CREATE TABLE delivery (
            tenant {_TEXT},
            subscription {_TEXT},
            waiting_from bigint,
            times_sent bigint NOT NULL,
            times_failed bigint NOT NULL,
            last_notification bigint,
            last_success bigint,
            last_failure bigint,
            PRIMARY KEY (tenant, subscription)
        ) WITH (fillfactor = 50)""",
        """CREATE TABLE dispatched (
            one integer PRIMARY KEY CHECK (one = 1),
            seq bigint NOT NULL
        ) WITH (fillfactor = 10)""",
    ),
    (
        "ALTER TABLE history ADD COLUMN got_at bigint",
        "ALTER TABLE history ADD COLUMN changed_at bigint",
        """UPDATE history SET got_at = at WHERE position('"observedAt":' IN instance) > 0""",
        f"""CREATE TABLE deletion (
            tenant {_TEXT},
            series bigint NOT NULL,
            at bigint NOT NULL,
            instance {_TEXT},
            PRIMARY KEY (tenant, series, at)
        )""",
        f"""CREATE TABLE past (
            tenant {_TEXT},
            id {_TEXT},
            types {_TEXT},
            scopes {_TEXT},
            created_at bigint NOT NULL,
            modified_at bigint NOT NULL,
            deleted_at bigint,
            PRIMARY KEY (tenant, id)
        )""",
    ),
    (
        "ALTER TABLE entity ADD COLUMN expires_at bigint",
        "CREATE INDEX entity_expiring ON entity (expires_at) WHERE expires_at IS NOT NULL",
        f"""CREATE TABLE context (
            tenant {_TEXT},
            id {_TEXT},
            kind {_TEXT},
            address {_TEXT},
            body {_TEXT},
            created_at bigint NOT NULL,
            PRIMARY KEY (tenant, id)
        )""",
    ),
    (
        f"""CREATE TABLE entity_value (
            tenant {_TEXT},
            attribute {_TEXT},
            value {_TEXT},
            entity {_TEXT},
            PRIMARY KEY (tenant, attribute, value, entity)
        )""",
        f"""CREATE TABLE value_index (
            tenant {_TEXT},
            attribute {_TEXT},
            ready bigint NOT NULL,
            single bigint NOT NULL,
            PRIMARY KEY (tenant, attribute)
        )""",
    ),
    (
        "ALTER TABLE change ADD COLUMN quiet bigint NOT NULL DEFAULT 0",
        f"""CREATE TABLE note (
            topic {_TEXT},
            name {_TEXT},
            content {_TEXT},
            PRIMARY KEY (topic, name)
        )""",
    ),
    (
        'ALTER TABLE series ADD COLUMN shelf text COLLATE "C"',
        f"""CREATE TABLE lake_file (
            tenant {_TEXT},
            file bigint NOT NULL,
            type {_TEXT},
            day bigint NOT NULL,
            series_from bigint NOT NULL,
            series_to bigint NOT NULL,
            instances bigint NOT NULL,
            bytes bigint NOT NULL,
            PRIMARY KEY (tenant, type, day, file)
        )""",
        f"""CREATE TABLE lake_gone (
            tenant {_TEXT},
            series bigint NOT NULL,
            since bigint NOT NULL,
            until bigint NOT NULL,
            up_to bigint NOT NULL,
            PRIMARY KEY (tenant, series, since, until)
        )""",
    ),
    (
        "ALTER TABLE device ADD COLUMN feed text NOT NULL DEFAULT ''",
        "ALTER TABLE device ADD COLUMN every bigint",
        "ALTER TABLE device ADD COLUMN usual bigint",
        "ALTER TABLE device ADD COLUMN silent_since bigint",
        "ALTER TABLE device ADD COLUMN battery double precision",
    ),
    (
        f"""CREATE TABLE rollup (
            tenant {_TEXT},
            series bigint NOT NULL,
            hour bigint NOT NULL,
            kind {_TEXT},
            of_numbers bigint NOT NULL,
            others bigint NOT NULL,
            instances bigint NOT NULL,
            numbers bigint NOT NULL,
            total double precision,
            least double precision,
            most double precision,
            sumsq double precision NOT NULL,
            squares double precision NOT NULL,
            PRIMARY KEY (tenant, series, hour)
        )""",
        f"""CREATE TABLE rollup_dirty (
            tenant {_TEXT},
            series bigint NOT NULL,
            hour bigint NOT NULL,
            PRIMARY KEY (tenant, series, hour)
        )""",
        f"""CREATE TABLE rolled (
            tenant {_TEXT},
            series bigint NOT NULL,
            until bigint NOT NULL,
            PRIMARY KEY (tenant, series)
        )""",
    ),
)
