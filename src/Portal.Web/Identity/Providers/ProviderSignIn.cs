using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Identity.Providers.Protocol;
using Portal.Web.Security;

namespace Portal.Web.Identity.Providers;

/// <summary>Sends people to a provider and lets them in, or links their account, when they come back.</summary>
/// <remarks>Scoped; used from requests, whose answers set cookies.</remarks>
internal sealed partial class ProviderSignIn(
    SignInProviders providers,
    ProviderSession sessions,
    ProvidedPeople people,
    PortalSignInManager signIn,
    UserManager<PortalUser> users,
    SignInLimiter limiter,
    SignInRecords records,
    TimeProvider time,
    ILogger<ProviderSignIn> logger)
{
    public const string LinkedPath = "/account/profile";
    private const string LinkKey = "portal.link";
    private const string InvitationKey = "portal.invitation";
    private static readonly string s_notOffered = N("There is no such way to sign in any more. Go back to the sign-in page.");
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>Begins a sign-in.</summary>
    /// <param name="context">The request.</param>
    /// <param name="providerId">Where.</param>
    /// <param name="returnUrl">The page to open afterwards.</param>
    /// <param name="invitation">The secret of the invitation that is taken up so; null for none.</param>
    public Task<ProviderOutcome> BeginAsync(HttpContext context, Guid providerId, string? returnUrl, string? invitation)
    {
        var properties = new AuthenticationProperties { RedirectUri = LocalUrl.OrHome(returnUrl) };
        if (LinkSecret.IsPlausible(invitation))
        {
            properties.Items[InvitationKey] = invitation;
        }

        return BeginAsync(context, providerId, properties);
    }

    /// <summary>Begins to link an account there to who is signed in here.</summary>
    public Task<ProviderOutcome> BeginLinkAsync(HttpContext context, Guid providerId) =>
        BeginAsync(context, providerId, new AuthenticationProperties(new Dictionary<string, string?>
        {
            [LinkKey] = context.User.UserId()?.ToString(),
        }));

    /// <summary>Goes on with who comes back from a provider.</summary>
    public async Task<ProviderOutcome> ReceiveAsync(HttpContext context, Guid providerId)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!limiter.TryBegin(address))
        {
            return new ProviderOutcome(SignInOutcome.TooManyAttempts.Error, TooMany: true);
        }

        if (await providers.FindAsync(providerId, context.RequestAborted) is not { } provider)
        {
            return new ProviderOutcome(s_notOffered);
        }

        try
        {
            var handler = await sessions.OpenAsync(context, provider);
            var (identity, properties) = await handler.ReceiveAsync();
            var outcome = await GoOnAsync(context, provider, identity, properties, address);
            if (outcome.Problem is null)
            {
                limiter.Succeeded(address);
            }

            return outcome;
        }
        catch (ProviderException failure)
        {
            LogFailed(failure, provider.Name);
            await records.FailedAsync("", address, $"{provider.Name}: {failure.Message}", context.RequestAborted);
            return new ProviderOutcome(failure.Message);
        }
    }

    private async Task<ProviderOutcome> BeginAsync(HttpContext context, Guid providerId, AuthenticationProperties properties)
    {
        if (await providers.FindAsync(providerId, context.RequestAborted) is not { } provider)
        {
            return new ProviderOutcome(s_notOffered);
        }

        try
        {
            properties.ExpiresUtc = time.GetUtcNow() + s_patience;
            var handler = await sessions.OpenAsync(context, provider);
            return new ProviderOutcome(null, handler.Begin(properties));
        }
        catch (ProviderException failure)
        {
            LogFailed(failure, provider.Name);
            return new ProviderOutcome(E("{0} can't be used now. {1:said}", provider.Name, failure.Message));
        }
    }

    private async Task<ProviderOutcome> GoOnAsync(
        HttpContext context, SignInProvider provider, ProvidedIdentity identity, AuthenticationProperties properties, IPAddress address)
    {
        var cancellationToken = context.RequestAborted;
        var text = ClientAddress.TextOf(address);
        if (properties.Items.TryGetValue(LinkKey, out var owner))
        {
            // The one who began it, who is still signed in in this browser: nobody else's account is linked to.
            return context.User.UserId() is not { } id || id.ToString() != owner
                ? new ProviderOutcome(N("You are not signed in any more as who began to link this account. Sign in and begin again."))
                : new ProviderOutcome(
                    await people.LinkAsync(id, provider, identity, context.User.ToActor(), cancellationToken), LinkedPath);
        }

        var secret = properties.Items.TryGetValue(InvitationKey, out var invitation) ? invitation : null;
        var (user, problem) = secret is null
            ? await people.FindOrAddAsync(provider, identity, text, cancellationToken)
            : await people.AcceptAsync(secret, provider, identity, text, cancellationToken);
        if (user is null)
        {
            await records.FailedAsync(identity.UserName, address, $"{provider.Name}: {problem}", cancellationToken);
            return new ProviderOutcome(problem);
        }

        // Read anew by this request's own store, which will change it.
        return await users.FindByIdAsync(user.Id.ToString()) is { } person
            ? await SignInAsync(person, provider, properties.RedirectUri, address, cancellationToken)
            : new ProviderOutcome(s_notOffered);
    }

    private async Task<ProviderOutcome> SignInAsync(
        PortalUser user, SignInProvider provider, string? returnUrl, IPAddress address, CancellationToken cancellationToken)
    {
        if (await signIn.FindRefusalAsync(user) is { } refusal)
        {
            await records.FailedAsync(user, address, refusal.IsLockedOut ? "locked out" : "disabled", cancellationToken);
            return new ProviderOutcome(refusal.IsLockedOut
                ? N("This account is locked for a few minutes after too many failed attempts. Wait, then try again.")
                : N("This account is disabled. Ask an administrator."));
        }

        var target = LocalUrl.OrHome(returnUrl);
        if ((await signIn.SignInOrAskAsync(user, provider.Name)).RequiresTwoFactor)
        {
            return new ProviderOutcome(null, $"{PortalCookie.CodePath}?returnUrl={Uri.EscapeDataString(target)}");
        }

        var outcome = await records.SucceededAsync(user, address, $"by {provider.Name}", cancellationToken);
        return new ProviderOutcome(null, outcome.MustChangePassword ? PortalCookie.ChangePasswordPath : target);
    }

    [LoggerMessage(2050, LogLevel.Warning, "Somebody could not sign in by '{Provider}'")]
    private partial void LogFailed(Exception failure, string provider);
}
