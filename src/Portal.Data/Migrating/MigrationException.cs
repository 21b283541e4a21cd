namespace Portal.Data.Migrating;

/// <summary>The database can't be brought to the schema that this portal needs.</summary>
public sealed class MigrationException(string message, Exception? innerException = null) : Exception(message, innerException);
