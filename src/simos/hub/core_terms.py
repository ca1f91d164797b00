"""The terms of the NGSI-LD core @context (ETSI GS CIM 009, annex B; levels 1.0 to 1.9): a table of facts.

Nothing here is fetched. A test checks it against the published files.
"""

NGSI_LD = "https://uri.etsi.org/ngsi-ld/"
GEOJSON = "https://purl.org/geojson/vocab#"
DEFAULT_VOCAB = NGSI_LD + "default-context/"

PREFIXES = {"ngsi-ld": NGSI_LD, "geojson": GEOJSON}

_NAMED_ALIKE = """
    Attribute AttributeList ContextSourceIdentity ContextSourceNotification ContextSourceRegistration Date
    DateTime EntityMap EntityType EntityTypeInfo EntityTypeList ExecutionResultDetails GeoProperty JsonProperty
    LanguageProperty ListProperty ListRelationship Notification Property Relationship Snapshot
    SnapshotNotification Subscription TemporalProperty Time VocabProperty accept aggrMethods aggrParams
    aggrPeriodDuration attributeCount attributeDetails attributeList attributeName attributeNames attributeTypes
    attributes attrs avg cacheDuration collation contextSourceAlias contextSourceExtras contextSourceInfo
    contextSourceTimeAt contextSourceUptime cooldown createdAt csf data datasetId deletedAt detail distinctCount
    endAt endTimeAt endpoint entities entity entityCount entityId entityList error errors expandValues expiresAt
    format geoQ geoproperty georel idPattern information instanceId isActive join jsonKeys jsonldContext jsons
    lang lastFailure lastN lastNotification lastSuccess lastUsedAt linkedMaps localOnly location management
    managementInterval max min mode modifiedAt ngsildConformance ngsildproof notUpdated notification
    notificationTrigger notifiedAt notifierInfo observationInterval observationSpace observedAt omit
    operationSpace operations orderBy ordering pick problemDetails propertyNames q reason receiverInfo refreshRate
    registrationId registrationName relationshipNames resultStatus scope scopeQ showChanges snapshotId
    snapshotLifetime snapshotPriority snapshotQueries snapshotQueriesDetails snapshotStatus
    snapshotTemporalQueries snapshotTemporalQueriesDetails startAt status stddev subscriptionId subscriptionName
    success sum sumsq sysAttrs temporalQ tenant throttling timeAt timeInterval timeout timeproperty timerel
    timesFailed timesSent totalCount triggerReason typeList typeName typeNames unchanged unitCode updated uri
    watchedAttributes
"""
"""Terms whose IRI is NGSI_LD and the term."""

_NAMED_HAS = """
    dataset entityMap entityMapLifetime joinLevel key languageMap languageMaps object objectList objectLists
    objectType objects previousJson previousLanguageMap previousObject previousObjectList previousValue
    previousValueList previousVocab splitEntities value valueList valueLists valueType values vocab vocabs
"""
"""Terms whose IRI is NGSI_LD, `has`, and the term with a capital."""

_GEOJSON = """
    Feature FeatureCollection GeometryCollection LineString MultiLineString MultiPoint MultiPolygon Point Polygon
    bbox coordinates features geometry properties
"""

CORE_TERMS: dict[str, str] = {
    **{term: NGSI_LD + term for term in _NAMED_ALIKE.split()},
    **{term: f"{NGSI_LD}has{term[0].upper()}{term[1:]}" for term in _NAMED_HAS.split()},
    **{term: GEOJSON + term for term in _GEOJSON.split()},
    "containedBy": NGSI_LD + "isContainedBy",
    "description": "http://purl.org/dc/terms/description",
    "json": NGSI_LD + "hasJSON",
    "langString": "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    "title": "http://purl.org/dc/terms/title",
}
"""Every term of the core, with its IRI."""
