using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Web.Access;

namespace Portal.Web.Identity.Sessions;

/// <summary>Counts what is done in an open page as use of its session: no request goes out for it.</summary>
/// <remarks>One per circuit. Once a minute is enough.</remarks>
internal sealed class CircuitActivity(SessionStore sessions, AuthenticationStateProvider authentication, TimeProvider time) : CircuitHandler
{
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(1);
    private long _counted = time.GetTimestamp();

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        if (time.GetElapsedTime(_counted) >= s_step)
        {
            _counted = time.GetTimestamp();
            await CountAsync();
        }

        await next(context);
    };

    private async Task CountAsync()
    {
        try
        {
            if ((await authentication.GetAuthenticationStateAsync()).User.SessionId() is { } id)
            {
                await sessions.TouchAsync(id, CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // The next one counts; what is done in the page must not fail for it.
        }
    }
}
