using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Web.Tests.Identity.Providers;

/// <summary>A small identity provider that really listens and really signs: OpenID Connect, and GitHub's API beside it. It can lie on demand.</summary>
public sealed class TestProvider : IAsyncDisposable
{
    public const string ClientId = "portal-client";
    public const string ClientSecret = "portal-client-secret";
    private readonly ConcurrentDictionary<string, Grant> _codes = new();
    private readonly ConcurrentDictionary<string, TestAccount> _tokens = new();
    private readonly WebApplication _application;
    private RSA _key = RSA.Create(2048);
    private string _keyId = "first";

    private TestProvider(WebApplication application) => _application = application;

    public string Authority { get; private set; } = "";

    /// <summary>Changes the claims of the next id tokens.</summary>
    public Action<Dictionary<string, object>> Tamper { get; set; } = _ => { };

    /// <summary>Signs the next id tokens; null for the provider's own way.</summary>
    public Func<Dictionary<string, object>, string>? Sign { get; set; }

    /// <summary>What userinfo says beyond the account; null for the same subject.</summary>
    public string? OtherSubject { get; set; }

    public int KeyReads { get; private set; }

    public static async Task<TestProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var provider = new TestProvider(builder.Build());
        provider.Map();
        await provider._application.StartAsync();
        provider.Authority = provider._application.Urls.Single();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _key.Dispose();
    }

    /// <summary>What the provider's page does when somebody signs in there: the address that it sends the browser back to.</summary>
    public string Authorize(Uri request, TestAccount account)
    {
        var query = QueryHelpers.ParseQuery(request.Query);
        Assert.Equal("code", query["response_type"]);
        Assert.Equal(ClientId, query["client_id"]);
        Assert.Equal("S256", query["code_challenge_method"]);
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var nonce = query.TryGetValue("nonce", out var given) ? given.ToString() : "";
        _codes[code] = new Grant(account, query["redirect_uri"]!, query["code_challenge"]!, nonce);
        return QueryHelpers.AddQueryString(
            query["redirect_uri"]!, new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"] });
    }

    public void RotateKey() => (_key, _keyId) = (RSA.Create(2048), Guid.NewGuid().ToString("N"));

    public string SignWith(SecurityKey key, string algorithm, Dictionary<string, object> claims) => new JsonWebTokenHandler
    {
        SetDefaultTimesOnTokenCreation = false,
    }.CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = new SigningCredentials(key, algorithm) });

    public string KeyId => _keyId;

    public string PublicKeyPem => _key.ExportSubjectPublicKeyInfoPem();

    private void Map()
    {
        _application.MapGet("/.well-known/openid-configuration", () => new
        {
            issuer = Authority,
            authorization_endpoint = $"{Authority}/authorize",
            token_endpoint = $"{Authority}/token",
            userinfo_endpoint = $"{Authority}/userinfo",
            jwks_uri = $"{Authority}/keys",
        });
        _application.MapGet("/keys", Keys);
        _application.MapPost("/token", (Delegate)((HttpContext context) => TokenAsync(context, openId: true)));
        _application.MapGet("/userinfo", (Delegate)((HttpContext context) => With(context, account => new Dictionary<string, object?>
        {
            ["sub"] = OtherSubject ?? account.Subject,
            ["groups"] = account.Groups,
        })));
        _application.MapPost("/login/oauth/access_token", (Delegate)((HttpContext context) => TokenAsync(context, openId: false)));
        _application.MapGet("/api/v3/user", (Delegate)((HttpContext context) => With(context, account =>
            new { id = long.Parse(account.Subject, null), login = account.UserName, name = account.Name })));
        _application.MapGet("/api/v3/user/emails", (Delegate)((HttpContext context) => With(context, account =>
            new[] { new { email = account.Mail, verified = account.MailVerified, primary = true } })));
        _application.MapGet("/api/v3/user/orgs", (Delegate)((HttpContext context) => With(context, account =>
            account.Groups.Where(group => !group.Contains('/')).Select(group => new { login = group }))));
        _application.MapGet("/api/v3/user/teams", (Delegate)((HttpContext context) => With(context, account => account.Groups
            .Where(group => group.Contains('/'))
            .Select(group => new { slug = group.Split('/')[1], organization = new { login = group.Split('/')[0] } }))));
    }

    private object Keys()
    {
        KeyReads++;
        var parameters = _key.ExportParameters(includePrivateParameters: false);
        return new
        {
            keys = new[]
            {
                new
                {
                    kty = "RSA", use = "sig", alg = "RS256", kid = _keyId,
                    n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent),
                },
            },
        };
    }

    private async Task<IResult> TokenAsync(HttpContext context, bool openId)
    {
        var form = await context.Request.ReadFormAsync();
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret)
        {
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        }

        // Good once, for the exact address that it was asked for with, and for who holds the verifier.
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var grant)
            || grant.RedirectUri != form["redirect_uri"]
            || grant.Challenge != challenge)
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        var access = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _tokens[access] = grant.Account;
        return openId
            ? Results.Json(new { access_token = access, token_type = "Bearer", id_token = IdToken(grant) })
            : Results.Json(new { access_token = access, token_type = "bearer", scope = "read:user" });
    }

    private string IdToken(Grant grant)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Authority,
            ["sub"] = grant.Account.Subject,
            ["aud"] = ClientId,
            ["iat"] = now,
            ["exp"] = now + 300,
            ["nonce"] = grant.Nonce,
            ["preferred_username"] = grant.Account.UserName,
            ["name"] = grant.Account.Name,
            ["email"] = grant.Account.Mail,
            ["email_verified"] = grant.Account.MailVerified,
        };
        Tamper(claims);
        return Sign?.Invoke(claims) ?? SignWith(new RsaSecurityKey(_key) { KeyId = _keyId }, SecurityAlgorithms.RsaSha256, claims);
    }

    private IResult With(HttpContext context, Func<TestAccount, object> answer)
    {
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        return _tokens.TryGetValue(token, out var account) ? Results.Json(answer(account)) : Results.Unauthorized();
    }

    private sealed record Grant(TestAccount Account, string RedirectUri, string Challenge, string Nonce);
}
