using System.Data.Common;
using Npgsql;

namespace Portal.Data;

/// <summary>
/// Bounds the connections of one portal to PostgreSQL, unless the connection string does. Npgsql's own bound is 100, and PostgreSQL takes 100
/// in all by default: when a fleet came back at once, the portal had it refuse connections, its own included. More would not be
/// faster either, as each is a process that wants a processor.
/// </summary>
internal static class ConnectionLimit
{
    /// <summary>Two portals leave room for a person with psql.</summary>
    public const int Default = 40;

    private static readonly string[] s_keywords = ["Maximum Pool Size", "MaxPoolSize", "Max Pool Size"];

    public static string Apply(string connectionString)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return s_keywords.Any(given.ContainsKey)
            ? connectionString
            : new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = Default }.ConnectionString;
    }
}
