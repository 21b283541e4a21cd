using System.Net;
using System.Security.Cryptography;
using Portal.Agent.Link;
using Portal.Contracts.Link;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Audit;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Joining;

namespace Portal.Link.Tests;

/// <summary>Who becomes a node, and whom an agent takes for its portal.</summary>
public sealed class JoinTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot, $"127.0.0.1:{FreePort.Find()}");
    }

    [Fact]
    public async Task Join_OverTlsWithTheTokensPin_LinksAndIsOnline()
    {
        var node = await _agent.JoinAsync(_portal.TlsUrl, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(node) == NodePresence.Online, "the node is online");

        var folder = new DirectoryInfo(_agent.Settings.Paths.Identity);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, folder.GetFiles("key.pem").Single().UnixFileMode);
        Assert.Contains(_portal.Audit.Entries, entry => entry is { Action: "node.join", Outcome: AuditOutcome.Succeeded });
    }

    [Fact]
    public async Task Join_CertificateIsAnother_IsRefusedBeforeTheTokenIsShown()
    {
        var real = await ParseTokenAsync();
        var forged = new JoinToken(real.Id, real.Secret, RandomNumberGenerator.GetBytes(32));
        var failure = await Assert.ThrowsAsync<LinkException>(() => _agent.JoinAsync(_portal.TlsUrl, forged.ToString()));

        Assert.Contains("is not the one", failure.Message, StringComparison.Ordinal);
        await _agent.JoinAsync(_portal.TlsUrl, real.ToString());
    }

    [Fact]
    public async Task Link_CertificateIsAnother_StaysAwayAndSaysSo()
    {
        var node = await _agent.JoinAsync(_portal.TlsUrl, await _portal.MakeTokenAsync());
        using (var key = _agent.Identities.LoadKey())
        {
            _agent.Identities.Save(_agent.Identities.Load()! with { Fingerprint = new string('0', 64) }, key);
        }

        await _agent.StartAsync();
        await Soon.TrueAsync(() => _agent.Status.Problem.Contains("is not the one", StringComparison.Ordinal), "the agent says why");
        Assert.Equal(NodePresence.Offline, _portal.PresenceOf(node));
    }

    [Fact]
    public async Task Join_TlsPortalWithoutPin_IsRefused()
    {
        var real = await ParseTokenAsync();
        var unpinned = new JoinToken(real.Id, real.Secret, null);
        var failure = await Assert.ThrowsAsync<LinkException>(() => _agent.JoinAsync(_portal.TlsUrl, unpinned.ToString()));
        Assert.Contains("no certificate's fingerprint", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://192.0.2.1:8080")]
    [InlineData("http://portal.example.com")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("http://user@127.0.0.1")]
    public async Task Join_UrlThatIsNoSafePortal_IsRefused(string url)
    {
        var token = await _portal.MakeTokenAsync();
        var join = new JoinClient(_agent.Identities);
        var failure = await Assert.ThrowsAsync<LinkException>(() => join.JoinAsync(url, token, default));
        Assert.Equal(LinkProblem.Refused, failure.Problem);
    }

    [Fact]
    public async Task Join_TokenWasUsed_IsRefusedAndAudited()
    {
        var token = await _portal.MakeTokenAsync();
        await _agent.JoinAsync(_portal.Url, token);
        _agent.Identities.Delete();
        var failure = await Assert.ThrowsAsync<LinkException>(() => _agent.JoinAsync(_portal.Url, token));

        Assert.Equal(LinkProblem.Refused, failure.Problem);
        Assert.Null(_agent.Identities.Load());
        Assert.Contains(_portal.Audit.Entries, entry => entry is { Action: "node.join", Outcome: AuditOutcome.Denied });
    }

    [Fact]
    public async Task Join_TokenHasExpired_IsRefused()
    {
        var token = await _portal.MakeTokenAsync(new NewJoinToken { Lifetime = TimeSpan.FromTicks(1) });
        var failure = await Assert.ThrowsAsync<LinkException>(() => _agent.JoinAsync(_portal.Url, token));
        Assert.Equal(LinkProblem.Refused, failure.Problem);
    }

    [Fact]
    public async Task Join_SecretIsAnother_IsRefused()
    {
        var real = await ParseTokenAsync();
        var guessed = new JoinToken(real.Id, RandomNumberGenerator.GetBytes(32), real.Fingerprint);
        await Assert.ThrowsAsync<LinkException>(() => _agent.JoinAsync(_portal.Url, guessed.ToString()));
    }

    [Fact]
    public async Task Join_TokenForTwoUsedTenTimesAtOnce_TakesTwo()
    {
        var token = await _portal.MakeTokenAsync(new NewJoinToken { Uses = 2 });
        var joins = Enumerable.Range(0, 10).Select(async number =>
        {
            var join = new JoinClient(new IdentityStore(_instance.TempPath($"agent{number}")));
            try
            {
                await join.JoinAsync(_portal.Url.ToString(), token, default);
                return 1;
            }
            catch (LinkException)
            {
                return 0;
            }
        });
        Assert.Equal(2, (await Task.WhenAll(joins)).Sum());
    }

    [Fact]
    public async Task Connect_WithoutProof_IsUnauthorized()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await TryConnectAsync(null));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryConnectAsync("nonsense"));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryConnectAsync($"node={Guid.NewGuid():D},nonce=!,signature=!"));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryConnectAsync($"node={Guid.NewGuid():D},nonce=!,signature={new string('A', 86)}"));
    }

    [Fact]
    public async Task Connect_ProofsThatAreNone_AreRefused()
    {
        var node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        using var key = _agent.Identities.LoadKey();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var good = await ProveAsync(node, key, LinkProtocol.ReversePath);
        Assert.NotEqual(HttpStatusCode.Unauthorized, await TryConnectAsync(good));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryConnectAsync(good));
        Assert.Equal(HttpStatusCode.Forbidden, await TryConnectAsync(await ProveAsync(node, other, LinkProtocol.ReversePath)));
        Assert.Equal(HttpStatusCode.Forbidden, await TryConnectAsync(await ProveAsync(node, key, LinkProtocol.TelemetryPath)));
        Assert.Equal(HttpStatusCode.Forbidden, await TryConnectAsync(await ProveAsync(Guid.NewGuid(), key, LinkProtocol.ReversePath)));

        var ownNonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.Equal(HttpStatusCode.Unauthorized, await TryConnectAsync(Prove(node, key, LinkProtocol.ReversePath, ownNonce)));
    }

    [Fact]
    public async Task LocalJoinToken_AskedForAtStart_JoinsOnceAndOnlyTheNewestIsGood()
    {
        var file = _instance.TempPath("token");
        await using var first = await TestPortal.StartAsync(
            postgres.ConnectionString, _instance.DataRoot, null, ("PORTAL_LOCAL_JOIN_TOKEN_FILE", file));
        await Soon.TrueAsync(() => File.Exists(file), "the token is written");
        var old = await File.ReadAllTextAsync(file);
        File.Delete(file);
        await using var second = await TestPortal.StartAsync(
            postgres.ConnectionString, _instance.DataRoot, null, ("PORTAL_LOCAL_JOIN_TOKEN_FILE", file));
        await Soon.TrueAsync(() => File.Exists(file), "the next token is written");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode);
        await Assert.ThrowsAsync<LinkException>(() => _agent.JoinAsync(second.Url, old));
        await _agent.JoinAsync(second.Url, await File.ReadAllTextAsync(file));
    }

    private async Task<JoinToken> ParseTokenAsync()
    {
        Assert.True(JoinToken.TryParse(await _portal.MakeTokenAsync(), out var token));
        return token;
    }

    private async Task<string> ProveAsync(Guid node, ECDsa key, string path)
    {
        using var client = new HttpClient();
        using var response = await client.PostAsync(new Uri(_portal.Url, LinkProtocol.ChallengePath), null);
        var challenge = System.Text.Json.JsonSerializer.Deserialize<Challenge>(
            await response.Content.ReadAsStringAsync(), System.Text.Json.JsonSerializerOptions.Web)!;
        return Prove(node, key, path, challenge.Nonce);
    }

    private static string Prove(Guid node, ECDsa key, string path, string nonce)
    {
        var signature = key.SignData(
            LinkProof.MessageToSign(path, node, nonce), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return new LinkProof(node, nonce, signature).ToString();
    }

    /// <summary>Asks for the reverse link without being a WebSocket: what passes the proof gets 400.</summary>
    private async Task<HttpStatusCode> TryConnectAsync(string? proof)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_portal.Url, LinkProtocol.ReversePath));
        if (proof is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"{LinkProtocol.AuthorizationScheme} {proof}");
        }

        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
