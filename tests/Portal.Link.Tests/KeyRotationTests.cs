using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agent.Link;
using Portal.Agent.Link.Keys;
using Portal.Contracts.Link;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Audit;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Link;
using Portal.Web.Nodes.Storage;

namespace Portal.Link.Tests;

/// <summary>A node gets another key: broken off after any step it can sign in, and the old key can't once the new one was used.</summary>
public sealed class KeyRotationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private readonly string _port = FreePort.Find().ToString(CultureInfo.InvariantCulture);
    private TestPortal _portal = null!;
    private Guid _node;
    private ECDsa _old = null!;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public async Task DisposeAsync()
    {
        _old?.Dispose();
        await Disposal.AllAsync(_agent, _portal, _instance);
    }

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot, null, (TestPortal.Port, _port));
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        _old = _agent.Identities.LoadKey();
    }

    [Fact]
    public async Task Rotate_FromThePortal_NodeComesBackWithTheNewKeyAndTheOldIsRefused()
    {
        await StartOnlineAsync();
        var registry = _portal.Services.GetRequiredService<INodeRegistry>();
        var (error, fingerprint) = await registry.RotateKeyAsync(_node, TestPortal.Admin, default);

        Assert.Null(error);
        await AssertRotatedAsync();
        Assert.Equal(FingerprintOnDisk(), fingerprint);
        Assert.Contains(_portal.Audit.Entries, entry => entry is { Action: "node.rotate-key", Outcome: AuditOutcome.Succeeded });
        var replaced = Assert.Single(_portal.Audit.Entries, entry => entry.Action == "node.key");
        Assert.StartsWith(fingerprint, replaced.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_ByTheCommandBesideARunningAgent_AgentLinksAnew()
    {
        await StartOnlineAsync();
        var fingerprint = await KeyExchange.RunAsync(_agent.Identities, default);
        Assert.Equal(FingerprintOnDisk(), fingerprint);
        await AssertRotatedAsync();
    }

    [Fact]
    public async Task Rotate_FourAtOnce_EndWithOneKeyThatIsGood()
    {
        await StartOnlineAsync();
        var rounds = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                return await KeyExchange.RunAsync(new IdentityStore(_agent.Settings.Paths.Identity), default);
            }
            catch (LinkException)
            {
                // Refused, as another was faster; the key on disk counts.
                return "";
            }
        }));
        Assert.Contains(rounds, fingerprint => fingerprint.Length > 0);
        await AssertRotatedAsync();
    }

    [Fact]
    public async Task BrokenOff_AfterTheKeyWasWritten_SignsInAndIsFinishedAtStart()
    {
        _agent.Identities.BeginNextKey().Dispose();
        Assert.NotEqual(HttpStatusCode.Forbidden, await TrySignInAsync(_old));
        await StartOnlineAsync();
        await AssertRotatedAsync();
    }

    [Fact]
    public async Task BrokenOff_AfterTheOffer_SignsInWithEitherAndIsFinishedAtStart()
    {
        await KeyExchange.OfferAsync(_agent.Identities, default);
        await RestartPortalAsync();
        Assert.NotEqual(HttpStatusCode.Forbidden, await TrySignInAsync(_old));
        await StartOnlineAsync();
        await AssertRotatedAsync();
    }

    [Fact]
    public async Task BrokenOff_AfterThePortalSwitched_SignsInWithTheNewKey()
    {
        await KeyExchange.OfferAsync(_agent.Identities, default);
        using (var next = _agent.Identities.LoadNextKey()!)
        {
            // The portal's answer to this never came, as far as the agent knows.
            Assert.NotEqual(HttpStatusCode.Forbidden, await TrySignInAsync(next));
        }

        Assert.Equal(HttpStatusCode.Forbidden, await TrySignInAsync(_old));
        await RestartPortalAsync();
        await StartOnlineAsync();
        await AssertRotatedAsync();
    }

    [Fact]
    public async Task BrokenOff_OverAndOver_EachRunGoesOnWithTheSameKey()
    {
        var first = await KeyExchange.OfferAsync(_agent.Identities, default);
        Assert.Equal(first, await KeyExchange.OfferAsync(_agent.Identities, default));
        Assert.Equal(first, await KeyExchange.RunAsync(_agent.Identities, default));
        Assert.NotEqual(first, await KeyExchange.RunAsync(_agent.Identities, default));
    }

    [Fact]
    public async Task Rotate_PortalIsAway_SaysSoAndLeavesTheOldKey()
    {
        await _portal.DisposeAsync();
        var failure = await Assert.ThrowsAsync<LinkException>(() => KeyExchange.RunAsync(_agent.Identities, default));
        Assert.Equal(LinkProblem.Unreachable, failure.Problem);
        await RestartPortalAsync();
        await StartOnlineAsync();
        await AssertRotatedAsync();
    }

    [Fact]
    public async Task Offer_NotSignedByBothKeys_IsRefusedAndChangesNothing()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Equal(HttpStatusCode.BadRequest, await OfferAsync(own, signer: other, consenter: _old));
        Assert.Equal(HttpStatusCode.BadRequest, await OfferAsync(own, signer: own, consenter: other));
        Assert.Equal(HttpStatusCode.BadRequest, await OfferAsync(large, signer: large, consenter: _old));
        Assert.Equal(HttpStatusCode.BadRequest, await OfferAsync(own, own, _old, offer => offer with { PublicKey = new string('A', 300) }));
        Assert.Equal(HttpStatusCode.BadRequest, await OfferAsync(own, own, _old, offer => offer with { PublicKey = null! }));
        Assert.Equal(HttpStatusCode.BadRequest, await OfferAsync(own, own, _old, offer => offer with { Signature = "%" }));
        Assert.Equal(HttpStatusCode.BadRequest, await OfferAsync(own, own, _old, offer => offer with { Consent = null! }));
        Assert.Equal(HttpStatusCode.Forbidden, await TrySignInAsync(own));
        Assert.NotEqual(HttpStatusCode.Forbidden, await TrySignInAsync(_old));
    }

    [Fact]
    public async Task Rotate_LinkStandsAtAnotherPortalWithTheOldKey_IsCutThereToo()
    {
        await using var second = await TestPortal.StartAsync(postgres.ConnectionString, _instance.TempPath("second"));
        var links = second.Services.GetRequiredService<NodeLinks>();
        using var socket = await ConnectAsync(second.Url, _old);
        NodeLink? link = null;
        await Soon.TrueAsync(() => links.TryGet(_node, out link), "the link stands");
        await KeyExchange.RunAsync(_agent.Identities, default);

        // The database tells that portal.
        await Soon.TrueAsync(() => link!.Ended.IsCompleted, "the link is cut");
    }

    private async Task StartOnlineAsync()
    {
        await _agent.StartAsync();
        await OnlineAsync();
    }

    private Task OnlineAsync() =>
        Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");

    private async Task RestartPortalAsync()
    {
        await _portal.DisposeAsync();
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot, null, (TestPortal.Port, _port));
    }

    private string FingerprintOnDisk()
    {
        using var key = _agent.Identities.LoadKey();
        return KeyFingerprint.Of(key.ExportSubjectPublicKeyInfo());
    }

    private async Task AssertRotatedAsync()
    {
        await Soon.TrueAsync(() => !_agent.Identities.HasNextKey, "the new key is in place");
        await OnlineAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await TrySignInAsync(_old));
        using var key = _agent.Identities.LoadKey();
        Assert.NotEqual(HttpStatusCode.Forbidden, await TrySignInAsync(key));
        Assert.Equal(FingerprintOnDisk(), _portal.Fleet.Current.Nodes[_node].KeyFingerprint);
    }

    private async Task<HttpStatusCode> OfferAsync(ECDsa offered, ECDsa signer, ECDsa consenter, Func<KeyOffer, KeyOffer>? change = null)
    {
        using var client = new HttpClient();
        var nonce = await AskNonceAsync(client);
        var publicKey = Convert.ToBase64String(offered.ExportSubjectPublicKeyInfo());
        var message = KeyOffer.MessageToSign(_node, nonce, publicKey);
        var offer = new KeyOffer(
            publicKey, Convert.ToBase64String(Sign(signer, message)), Convert.ToBase64String(Sign(consenter, message)));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_portal.Url, LinkProtocol.KeyPath))
        {
            Content = JsonContent.Create(change?.Invoke(offer) ?? offer),
        };
        request.Headers.Authorization = Prove(_old, LinkProtocol.KeyPath, nonce);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Asks for the reverse link without being a WebSocket: what passes the proof gets 400.</summary>
    private async Task<HttpStatusCode> TrySignInAsync(ECDsa key)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_portal.Url, LinkProtocol.ReversePath));
        request.Headers.Authorization = Prove(key, LinkProtocol.ReversePath, await AskNonceAsync(client));
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<System.Net.WebSockets.WebSocket> ConnectAsync(Uri portal, ECDsa key)
    {
        using var dialer = new PortalDialer(PortalAddress.Parse(portal.ToString(), null));
        return await dialer.ConnectAsync(
            _agent.Identities.Load()!, key, LinkProtocol.ReversePath, LinkProtocol.ReverseSubprotocol, default);
    }

    private async Task<string> AskNonceAsync(HttpClient client)
    {
        using var response = await client.PostAsync(new Uri(_portal.Url, LinkProtocol.ChallengePath), null);
        return (await response.Content.ReadFromJsonAsync<Challenge>())!.Nonce;
    }

    private AuthenticationHeaderValue Prove(ECDsa key, string path, string nonce) => new(
        LinkProtocol.AuthorizationScheme,
        new LinkProof(_node, nonce, Sign(key, LinkProof.MessageToSign(path, _node, nonce))).ToString());

    private static byte[] Sign(ECDsa key, byte[] message) =>
        key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
