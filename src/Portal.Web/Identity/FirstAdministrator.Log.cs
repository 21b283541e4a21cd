namespace Portal.Web.Identity;

internal sealed partial class FirstAdministrator
{
    [LoggerMessage(2001, LogLevel.Information, "Made the administrator's account '{Name}'")]
    private partial void LogMade(string name);

    [LoggerMessage(2002, LogLevel.Warning, "There is no administrator yet: open /setup and enter the token of the file '{Path}'")]
    private partial void LogSetup(string path);
}
