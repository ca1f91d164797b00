"""The hub's tables on SQLite, as numbered steps. A step that was released is never changed; a new one is added."""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE entity (
            number INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            id TEXT NOT NULL,
            types TEXT NOT NULL,
            scopes TEXT NOT NULL,
            doc TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            west REAL, south REAL, east REAL, north REAL,
            UNIQUE (tenant, id)
        ) STRICT""",
        "CREATE VIRTUAL TABLE entity_box USING rtree (number, west, east, south, north)",
        """CREATE TRIGGER entity_placed AFTER INSERT ON entity WHEN new.west IS NOT NULL BEGIN
            INSERT INTO entity_box VALUES (new.number, new.west, new.east, new.south, new.north);
        END""",
        """CREATE TRIGGER entity_moved AFTER UPDATE OF west, south, east, north ON entity
        WHEN old.west IS NOT new.west OR old.south IS NOT new.south
            OR old.east IS NOT new.east OR old.north IS NOT new.north BEGIN
            DELETE FROM entity_box WHERE number = old.number;
            INSERT INTO entity_box SELECT new.number, new.west, new.east, new.south, new.north
                WHERE new.west IS NOT NULL;
        END""",
        """CREATE TRIGGER entity_gone AFTER DELETE ON entity WHEN old.west IS NOT NULL BEGIN
            DELETE FROM entity_box WHERE number = old.number;
        END""",
        """CREATE TABLE entity_type (
            tenant TEXT NOT NULL,
            type TEXT NOT NULL,
            entity TEXT NOT NULL,
            PRIMARY KEY (tenant, type, entity)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE entity_attribute (
            tenant TEXT NOT NULL,
            attribute TEXT NOT NULL,
            entity TEXT NOT NULL,
            PRIMARY KEY (tenant, attribute, entity)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            entity TEXT NOT NULL,
            attribute TEXT NOT NULL,
            dataset TEXT NOT NULL,
            UNIQUE (tenant, entity, attribute, dataset)
        ) STRICT""",
        """CREATE TABLE history (
            tenant TEXT NOT NULL,
            series INTEGER NOT NULL,
            at INTEGER NOT NULL,
            instance TEXT NOT NULL,
            number REAL,
            PRIMARY KEY (tenant, series, at)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE change (
            seq INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            entity TEXT NOT NULL,
            types TEXT NOT NULL,
            kind TEXT NOT NULL,
            attributes TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT""",
        "CREATE INDEX change_of_tenant ON change (tenant, seq)",
        """CREATE TABLE log_head (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            seq INTEGER NOT NULL,
            epoch TEXT NOT NULL,
            epoch_start INTEGER NOT NULL
        ) STRICT""",
        "CREATE TABLE tenant (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
        """CREATE TABLE token (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            secret_sha256 TEXT NOT NULL UNIQUE,
            tenants TEXT NOT NULL,
            types TEXT NOT NULL,
            may_write INTEGER NOT NULL,
            may_administer INTEGER NOT NULL,
            expires_at INTEGER,
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE device (
            tenant TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            token TEXT NOT NULL,
            last_seen_at INTEGER,
            PRIMARY KEY (tenant, id)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE rejection (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            source TEXT NOT NULL,
            topic TEXT NOT NULL,
            payload BLOB NOT NULL,
            reason TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT""",
    ),
    (
        "ALTER TABLE change ADD COLUMN former TEXT NOT NULL DEFAULT '{}'",
        """CREATE TABLE subscription (
            tenant TEXT NOT NULL,
            id TEXT NOT NULL,
            document TEXT NOT NULL,
            context TEXT NOT NULL,
            types TEXT NOT NULL,
            since INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            PRIMARY KEY (tenant, id)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE delivery (
            tenant TEXT NOT NULL,
            subscription TEXT NOT NULL,
            waiting_from INTEGER,
            times_sent INTEGER NOT NULL,
            times_failed INTEGER NOT NULL,
            last_notification INTEGER,
            last_success INTEGER,
            last_failure INTEGER,
            PRIMARY KEY (tenant, subscription)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE dispatched (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            seq INTEGER NOT NULL
        ) STRICT""",
    ),
    (
        "ALTER TABLE history ADD COLUMN got_at INTEGER",
        "ALTER TABLE history ADD COLUMN changed_at INTEGER",
        """UPDATE history SET got_at = at WHERE instr(instance, '"observedAt":') > 0""",
        """CREATE TABLE deletion (
            tenant TEXT NOT NULL,
            series INTEGER NOT NULL,
            at INTEGER NOT NULL,
            instance TEXT NOT NULL,
            PRIMARY KEY (tenant, series, at)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE past (
            tenant TEXT NOT NULL,
            id TEXT NOT NULL,
            types TEXT NOT NULL,
            scopes TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            deleted_at INTEGER,
            PRIMARY KEY (tenant, id)
        ) STRICT, WITHOUT ROWID""",
    ),
    (
        "ALTER TABLE entity ADD COLUMN expires_at INTEGER",
        "CREATE INDEX entity_expiring ON entity (expires_at) WHERE expires_at IS NOT NULL",
        """CREATE TABLE context (
            tenant TEXT NOT NULL,
            id TEXT NOT NULL,
            kind TEXT NOT NULL,
            address TEXT NOT NULL,
            body TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant, id)
        ) STRICT""",
    ),
    (
        """CREATE TABLE entity_value (
            tenant TEXT NOT NULL,
            attribute TEXT NOT NULL,
            value TEXT NOT NULL,
            entity TEXT NOT NULL,
            PRIMARY KEY (tenant, attribute, value, entity)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE value_index (
            tenant TEXT NOT NULL,
            attribute TEXT NOT NULL,
            ready INTEGER NOT NULL,
            single INTEGER NOT NULL,
            PRIMARY KEY (tenant, attribute)
        ) STRICT, WITHOUT ROWID""",
    ),
    (
        "ALTER TABLE change ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0",
        """CREATE TABLE note (
            topic TEXT NOT NULL,
            name TEXT NOT NULL,
            content TEXT NOT NULL,
            PRIMARY KEY (topic, name)
        ) STRICT, WITHOUT ROWID""",
    ),
    (
        "ALTER TABLE series ADD COLUMN shelf TEXT",
        """CREATE TABLE lake_file (
            tenant TEXT NOT NULL,
            file INTEGER NOT NULL,
            type TEXT NOT NULL,
            day INTEGER NOT NULL,
            series_from INTEGER NOT NULL,
            series_to INTEGER NOT NULL,
            instances INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            PRIMARY KEY (tenant, type, day, file)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE lake_gone (
            tenant TEXT NOT NULL,
            series INTEGER NOT NULL,
            since INTEGER NOT NULL,
            until INTEGER NOT NULL,
            up_to INTEGER NOT NULL,
            PRIMARY KEY (tenant, series, since, until)
        ) STRICT, WITHOUT ROWID""",
    ),
    (
        "ALTER TABLE device ADD COLUMN feed TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE device ADD COLUMN every INTEGER",
        "ALTER TABLE device ADD COLUMN usual INTEGER",
        "ALTER TABLE device ADD COLUMN silent_since INTEGER",
        "ALTER TABLE device ADD COLUMN battery REAL",
    ),
    (
        """CREATE TABLE rollup (
            tenant TEXT NOT NULL,
            series INTEGER NOT NULL,
            hour INTEGER NOT NULL,
            kind TEXT NOT NULL,
            of_numbers INTEGER NOT NULL,
            others INTEGER NOT NULL,
            instances INTEGER NOT NULL,
            numbers INTEGER NOT NULL,
            total REAL,
            least REAL,
            most REAL,
            sumsq REAL NOT NULL,
            squares REAL NOT NULL,
            PRIMARY KEY (tenant, series, hour)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE rollup_dirty (
            tenant TEXT NOT NULL,
            series INTEGER NOT NULL,
            hour INTEGER NOT NULL,
            PRIMARY KEY (tenant, series, hour)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE rolled (
            tenant TEXT NOT NULL,
            series INTEGER NOT NULL,
            until INTEGER NOT NULL,
            PRIMARY KEY (tenant, series)
        ) STRICT, WITHOUT ROWID""",
    ),
)
