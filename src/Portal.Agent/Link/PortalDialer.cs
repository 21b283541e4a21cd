using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Portal.Agent.Link.Trust;
using Portal.Contracts.Link;

namespace Portal.Agent.Link;

/// <summary>Makes connections to one portal: checks who answers, and proves who this agent is.</summary>
/// <remarks>
/// Behind an origin with several portals each request may be answered by another one. What belongs together is held together by the id of
/// the portal that gave the nonce: the others pass on what is for it.
/// </remarks>
internal sealed class PortalDialer : IDisposable
{
    // A lost SYN is sent again after one second (tcp(7)); a new attempt soon after finds a link that is back
    // sooner than the kernel's next one.
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(5);

    private readonly PortalAddress _address;
    private readonly Guid? _portal;
    private readonly HttpClient _client;

    /// <summary>Makes one.</summary>
    /// <param name="address">Where the portal is, and what it shows.</param>
    /// <param name="portal">Which of several portals there; null for whichever answers.</param>
    public PortalDialer(PortalAddress address, Guid? portal = null)
    {
        _address = address;
        _portal = portal;
        _client = new HttpClient(MakeHandler(address)) { Timeout = s_answerTimeout + TimeSpan.FromSeconds(1) };
    }

    /// <summary>Joins with a token.</summary>
    /// <exception cref="LinkException">The portal refused, or could not be reached.</exception>
    public async Task<JoinResponse> JoinAsync(JoinRequest request, CancellationToken cancellationToken)
    {
        using var response = await PostAsync(LinkProtocol.JoinPath, request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return await ReadAsync<JoinResponse>(response, cancellationToken).ConfigureAwait(false);
        }

        var refused = response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.BadRequest;
        throw new LinkException(
            refused
                ? "The portal refused this join token: it was used up, has expired, or never was. Make a new one in the portal."
                : $"The portal at {_address.Url} could not take this host in (HTTP {(int)response.StatusCode}). Try again in a moment.",
            refused ? LinkProblem.Refused : LinkProblem.Failing);
    }

    /// <summary>Offers the portal a key to sign in with from now on, proving this node by <paramref name="key"/>.</summary>
    /// <exception cref="LinkException">The portal refused, or could not be reached.</exception>
    public async Task OfferKeyAsync(AgentIdentity identity, ECDsa key, ECDsa offered, CancellationToken cancellationToken)
    {
        var challenge = await AskAsync(cancellationToken).ConfigureAwait(false);
        var nonce = challenge.Nonce;
        var publicKey = Convert.ToBase64String(offered.ExportSubjectPublicKeyInfo());
        var message = KeyOffer.MessageToSign(identity.NodeId, nonce, publicKey);
        var offer = new KeyOffer(publicKey, Convert.ToBase64String(Sign(offered, message)), Convert.ToBase64String(Sign(key, message)));
        var proof = Prove(identity, key, LinkProtocol.KeyPath, nonce);
        var path = PathTo(LinkProtocol.KeyPath, challenge.Portal);
        using var response = await PostAsync(path, offer, cancellationToken, proof).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        throw response.StatusCode switch
        {
            HttpStatusCode.Forbidden => new LinkException(
                $"The portal at {_address.Url} does not know this node by its key.", LinkProblem.Refused),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => new LinkException(
                $"The portal at {_address.Url} is too old to take another key. Upgrade it first.", LinkProblem.Refused),
            var status => new LinkException(
                $"The portal at {_address.Url} did not take the new key (HTTP {(int)status}). Try again in a moment; "
                + "this node signs in as before.",
                LinkProblem.Failing),
        };
    }

    /// <summary>Which portal answers.</summary>
    /// <returns>Null for one that knows no others.</returns>
    /// <exception cref="LinkException">It could not be reached.</exception>
    public Task<Guid?> AskPortalAsync(CancellationToken cancellationToken) => WithinAnswerTimeAsync(
        async deadline => (await AskAsync(deadline).ConfigureAwait(false)).Portal, cancellationToken);

    /// <summary>Opens a WebSocket as the node.</summary>
    /// <exception cref="LinkException">The portal refused, or could not be reached.</exception>
    public Task<WebSocket> ConnectAsync(
        AgentIdentity identity, ECDsa key, string path, string? subprotocol, CancellationToken cancellationToken) =>
        WithinAnswerTimeAsync(
            deadline => ConnectAsync(identity, key, path, subprotocol, deadline, cancellationToken), cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<T> WithinAnswerTimeAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_answerTimeout);
        try
        {
            return await ask(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody is there, and busy or stuck: asked again less and less often, so that a fleet that comes back does not
            // keep its portal from serving those that came first.
            throw new LinkException(
                $"The portal at {_address.Url} did not answer within {s_answerTimeout.TotalSeconds} seconds.",
                LinkProblem.Failing,
                failure);
        }
    }

    private async Task<WebSocket> ConnectAsync(
        AgentIdentity identity, ECDsa key, string path, string? subprotocol, CancellationToken deadline,
        CancellationToken cancellationToken)
    {
        var challenge = await AskAsync(deadline).ConfigureAwait(false);
        var proof = Prove(identity, key, path, challenge.Nonce);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            socket.Options.SetRequestHeader("Authorization", $"{LinkProtocol.AuthorizationScheme} {proof}");
            if (subprotocol is not null)
            {
                socket.Options.AddSubProtocol(subprotocol);
            }

            var target = _address.WebSocket(PathTo(path, challenge.Portal));
            await socket.ConnectAsync(target, _client, deadline).ConfigureAwait(false);
            return socket;
        }
        catch (Exception failure) when (failure is not OperationCanceledException && IsNetworkFailure(failure, cancellationToken))
        {
            var definite = socket.HttpStatusCode == HttpStatusCode.Forbidden;
            if ((int)socket.HttpStatusCode == LinkProtocol.WaitsStatus)
            {
                socket.Dispose();
                throw new LinkException(
                    $"The portal at {_address.Url} has this host on its list of waiting nodes: an administrator accepts it there.",
                    LinkProblem.Failing,
                    failure);
            }

            if ((int)socket.HttpStatusCode == LinkProtocol.PortalGoneStatus)
            {
                socket.Dispose();
                throw Gone(failure);
            }

            socket.Dispose();
            throw definite
                ? new LinkException(
                    $"The portal at {_address.Url} does not know this node any more: it was removed there.", LinkProblem.Refused, failure)
                : Unreachable(failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Challenge> AskAsync(CancellationToken cancellationToken)
    {
        var path = PathTo(LinkProtocol.ChallengePath, _portal);
        using var response = await PostAsync<object?>(path, null, cancellationToken).ConfigureAwait(false);
        if ((int)response.StatusCode == LinkProtocol.PortalGoneStatus)
        {
            throw Gone(null);
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new LinkException($"The portal at {_address.Url} answered HTTP {(int)response.StatusCode}.", LinkProblem.Failing);
        }

        // One that answers for itself whatever it is asked knows no others: it took the place of the one that is asked for.
        var challenge = await ReadAsync<Challenge>(response, cancellationToken).ConfigureAwait(false);
        return _portal is null || challenge.Portal == _portal ? challenge : throw Gone(null);
    }

    private static string PathTo(string path, Guid? portal) => portal is { } id ? $"{path}?{LinkProtocol.PortalQuery}={id:D}" : path;

    private LinkException Gone(Exception? failure) =>
        new($"That portal at {_address.Url} has ended; another is looked for.", LinkProblem.Gone, failure);

    private static LinkProof Prove(AgentIdentity identity, ECDsa key, string path, string nonce) =>
        new(identity.NodeId, nonce, Sign(key, LinkProof.MessageToSign(path, identity.NodeId, nonce)));

    private static byte[] Sign(ECDsa key, byte[] message) =>
        key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private async Task<HttpResponseMessage> PostAsync<T>(
        string path, T body, CancellationToken cancellationToken, LinkProof? proof = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address.Http(path)) { Content = JsonContent.Create(body) };
        if (proof is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(LinkProtocol.AuthorizationScheme, proof.ToString());
        }

        try
        {
            return await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsNetworkFailure(failure, cancellationToken))
        {
            throw Unreachable(failure);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidDataException("The answer is null.");
        }
        catch (Exception failure) when (
            failure is System.Text.Json.JsonException or InvalidDataException || IsNetworkFailure(failure, cancellationToken))
        {
            throw new LinkException($"What answers at {_address.Url} is no portal.", LinkProblem.Failing, failure);
        }
    }

    private static bool IsNetworkFailure(Exception failure, CancellationToken cancellationToken)
    {
        return failure is HttpRequestException or WebSocketException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);
    }

    private LinkException Unreachable(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is UntrustedPortalException mismatch)
            {
                return new LinkException(mismatch.Message, LinkProblem.Failing, failure);
            }
        }

        return new LinkException($"The portal at {_address.Url} can't be reached.", LinkProblem.Unreachable, failure);
    }

    private static SocketsHttpHandler MakeHandler(PortalAddress address)
    {
        var isPlain = address.Trust is null;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !isPlain,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context, isPlain, cancellationToken),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),

            // A response of this protocol is a few hundred bytes.
            MaxResponseHeadersLength = 16,
        };
        address.Trust?.ApplyTo(handler.SslOptions, address.Url);
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, bool loopbackOnly, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_connectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, deadline.Token).ConfigureAwait(false);
            if (loopbackOnly && !IPAddress.IsLoopback(((IPEndPoint)socket.RemoteEndPoint!).Address))
            {
                throw new IOException($"'{context.DnsEndPoint.Host}' is not on this host.");
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
