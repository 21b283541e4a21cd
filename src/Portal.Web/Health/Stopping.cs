namespace Portal.Web.Health;

/// <summary>How the portal ends: it takes nothing new, so that what is under way is all that it waits for.</summary>
internal static class Stopping
{
    /// <summary>
    /// The longest wait for what is under way. Less than what <c>./portal up</c> and systemd grant before they kill.
    /// </summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Refuses requests that come while the portal stops. A page whose circuit is closed asks for a new one at once, and that one
    /// would hold up the end until the timeout; told that there is nobody, it asks again later and finds the portal's next start.
    /// </summary>
    public static void UseRefusalWhileStopping(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (!stopping.IsCancellationRequested)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
    }
}
