using System.Data.Common;

namespace Portal.Web.Access;

/// <summary>Tells a database that is away from a mistake in the portal.</summary>
internal static class DatabaseFailures
{
    /// <summary>
    /// True for what a query throws while the database can't be reached. Entity Framework wraps what may pass by itself in an
    /// <see cref="InvalidOperationException"/>.
    /// </summary>
    public static bool IsDatabaseAway(this Exception failure) =>
        failure is DbException or InvalidOperationException { InnerException: DbException } or TimeoutException;
}
