using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Web.Audit;
using Portal.Web.Features.Docker;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Access.Tokens;

/// <summary>
/// Tells programs by <c>Authorization: Bearer portal_...</c> (RFC 6750), and docker by a client certificate too. It says whose token it
/// is; what that may do the <see cref="IAuthorizer"/> decides from the owner's grants and the token's limits, for each decision anew.
/// </summary>
internal sealed class TokenAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    IDbContextFactory<PortalDbContext> contexts,
    TokenAttempts attempts,
    TimeProvider time,
    IAuditLog audit)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string Wrong =
        "This token or certificate is not one of this portal's, was revoked, or has expired. Make another on its page of tokens.";

    private static readonly TimeSpan s_precision = TimeSpan.FromMinutes(1);
    private bool _limited;

    private IPAddress ClientAddress => Context.Connection.RemoteIpAddress ?? IPAddress.None;

    private string AddressText => (ClientAddress.IsIPv4MappedToIPv6 ? ClientAddress.MapToIPv4() : ClientAddress).ToString();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var text = TokenAuthenticationDefaults.ReadToken(Request);
        var certificate = text is null ? TokenAuthenticationDefaults.ReadCertificate(Context) : null;
        if (text is null && certificate is null)
        {
            return AuthenticateResult.NoResult();
        }

        var hash = certificate is null ? ApiTokenText.HashOf(text!) : TokenCertificate.HashOf(certificate);
        if (!attempts.TryBegin(ClientAddress, hash))
        {
            _limited = true;
            return AuthenticateResult.Fail("Too many wrong tokens.");
        }

        // A mistyped one is told by its checksum and asks the database nothing.
        if ((text is not null && !ApiTokenText.IsWhole(text)) || await FindAsync(hash) is not { } found)
        {
            attempts.Failed(hash);
            await RecordRefusalAsync(text ?? "");
            return AuthenticateResult.Fail(Wrong);
        }

        attempts.Succeeded(ClientAddress, hash);
        return AuthenticateResult.Success(new AuthenticationTicket(Identify(found), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_limited)
        {
            Response.Headers.RetryAfter = "60";
            const string TooMany = "Too many wrong tokens came from your address. Try again in a moment.";
            await AnswerAsync(429, TooMany);
            return;
        }

        var shown = TokenAuthenticationDefaults.ReadToken(Request) is not null
            || TokenAuthenticationDefaults.ReadCertificate(Context) is not null;
        Response.Headers.WWWAuthenticate = shown ? "Bearer error=\"invalid_token\"" : "Bearer";
        await AnswerAsync(401, shown ? Wrong : "This needs a token or a session.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        AnswerAsync(403, "This token or its owner lacks the permission for this.");

    private Task AnswerAsync(int status, string text) => Request.Path.StartsWithSegments(TokenAuthenticationDefaults.DockerPath)
        ? DockerErrors.WriteAsync(Context, status, text)
        : RestProblems.WriteAsync(Context, ProblemKind.Of(status), text);

    private async Task<FoundToken?> FindAsync(byte[] hash)
    {
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(Context.RequestAborted);
        var found = await context.ApiTokens.AsNoTracking()
            .Where(token => token.Hash == hash && token.RevokedAt == null && (token.ExpiresAt == null || token.ExpiresAt > now))
            .Join(
                context.Users.Where(user => user.DisabledAt == null),
                token => token.UserId,
                user => user.Id,
                (token, user) => new FoundToken(token.Id, token.Name, user.Id, user.UserName!, token.LastUsedAt))
            .SingleOrDefaultAsync(Context.RequestAborted);
        if (found is not null && (found.LastUsedAt is null || now - found.LastUsedAt > s_precision))
        {
            // To the minute: a program that asks a thousand times a second writes once.
            await context.ApiTokens.Where(token => token.Id == found.Id).ExecuteUpdateAsync(
                set => set.SetProperty(token => token.LastUsedAt, now).SetProperty(token => token.LastUsedFrom, AddressText),
                Context.RequestAborted);
        }

        return found;
    }

    private ClaimsPrincipal Identify(FoundToken token) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, token.UserId.ToString()),
            new Claim(ClaimTypes.Name, token.UserName),
            new Claim(PortalClaims.TokenId, token.Id.ToString()),
            new Claim(PortalClaims.TokenName, token.Name),
        ],
        Scheme.Name));

    // Of one that is wrong only the part is kept that would be shown of a good one.
    private Task RecordRefusalAsync(string text)
    {
        var shown = text.StartsWith(ApiTokenText.Beginning, StringComparison.Ordinal) && text.Length > ApiTokenText.ShownLength
            ? text[..ApiTokenText.ShownLength] + "…"
            : "";
        var entry = new AuditEntry(
            new Actor(Guid.Empty, "", AddressText), "token.use", "token", "", shown, null, AuditOutcome.Denied, "wrong token");
        return audit.WriteAsync(entry, Context.RequestAborted);
    }

    private sealed record FoundToken(Guid Id, string Name, Guid UserId, string UserName, DateTimeOffset? LastUsedAt);
}
