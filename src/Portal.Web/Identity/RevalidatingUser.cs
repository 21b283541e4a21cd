using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Identity.Sessions;
using Portal.Web.Languages;

namespace Portal.Web.Identity;

/// <summary>
/// Looks again, while a page is open, whether its user may still be signed in: session not ended, not disabled, password not reset. It does so as
/// soon as the session's end is told, and every half a minute.
/// </summary>
/// <remarks>One per circuit. What the user does is decided from the grants each time, so this only ends the page.</remarks>
internal sealed partial class RevalidatingUser : RevalidatingServerAuthenticationStateProvider
{
    private readonly IServiceScopeFactory _scopes;
    private readonly SessionEndings _endings;
    private readonly ILogger<RevalidatingUser> _logger;
    private IDisposable? _watch;

    public RevalidatingUser(ILoggerFactory loggers, IServiceScopeFactory scopes, SessionEndings endings)
        : base(loggers)
    {
        _scopes = scopes;
        _endings = endings;
        _logger = loggers.CreateLogger<RevalidatingUser>();
        AuthenticationStateChanged += state => _ = WatchAsync(state);
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            // A scope of its own, so that the person is read anew and not from what this circuit has loaded before.
            await using var scope = _scopes.CreateAsyncScope();
            var signIn = scope.ServiceProvider.GetRequiredService<SignInManager<PortalUser>>();
            return await signIn.ValidateSecurityStampAsync(authenticationState.User) is not null;
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // No session is ended meanwhile either, and nothing can be done in the page.
            return true;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _watch?.Dispose();
        base.Dispose(disposing);
    }

    private async Task WatchAsync(Task<AuthenticationState> state)
    {
        _watch?.Dispose();
        var lookAgain = LanguageFlow.Keep(() => _ = LookAgainAsync());
        _watch = (await state).User.SessionId() is { } session ? _endings.Subscribe(session, lookAgain) : null;
    }

    private async Task LookAgainAsync()
    {
        try
        {
            if (!await ValidateAuthenticationStateAsync(await GetAuthenticationStateAsync(), CancellationToken.None))
            {
                SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The circuit may be on its way out; the half-minute's look comes all the same.
            LogFailed(failure);
        }
    }

    [LoggerMessage(2031, LogLevel.Warning, "Could not look whether an open page's session is still good")]
    private partial void LogFailed(Exception failure);
}
