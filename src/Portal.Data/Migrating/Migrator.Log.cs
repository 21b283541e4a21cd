using Microsoft.Extensions.Logging;

namespace Portal.Data.Migrating;

public sealed partial class Migrator
{
    [LoggerMessage(3001, LogLevel.Information, "Applying migration '{Name}'")]
    private partial void LogApplying(string name);
}
