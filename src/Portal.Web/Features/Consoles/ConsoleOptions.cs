namespace Portal.Web.Features.Consoles;

/// <summary>How consoles' WebSockets are kept alive.</summary>
internal sealed class ConsoleOptions
{
    /// <summary>How often a ping goes to the browser: more often than proxies cut what is silent.</summary>
    /// <value>15 seconds; nginx and others cut after 60.</value>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a browser may leave a ping unanswered.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
