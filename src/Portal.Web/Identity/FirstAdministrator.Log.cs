namespace Portal.Web.Identity;

internal sealed partial class FirstAdministrator
{
    [LoggerMessage(2001, LogLevel.Information, "Made the administrator's account '{Name}'")]
    private partial void LogMade(string name);
}
