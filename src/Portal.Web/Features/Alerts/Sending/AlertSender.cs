using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>Sends one message to one target.</summary>
/// <remarks>Singleton; any thread. Mail servers are believed as this host's authorities say, unless a test says otherwise.</remarks>
internal sealed class AlertSender(OutgoingConnections connections, TimeProvider time, X509ChainPolicy? trust = null) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private readonly HttpClient _http = connections.CreateClient();

    public void Dispose() => _http.Dispose();

    /// <param name="kind">What the target is.</param>
    /// <param name="settings">How it is reached.</param>
    /// <param name="message">What to say.</param>
    /// <param name="deliveryId">The same when it is sent again, so that a receiver can tell.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SendingException">It did not arrive; or it did, and the answer was lost.</exception>
    public async Task SendAsync(
        TargetKind kind, TargetSettings settings, AlertMessage message, string deliveryId, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await (kind == TargetKind.Email
                ? MailAsync(settings, message, patience.Token)
                : PostAsync(kind, settings, message, deliveryId, patience.Token));
        }
        catch (Exception failure) when (failure is HttpRequestException { InnerException: OutgoingException } or OutgoingException)
        {
            throw new SendingException((failure.InnerException as OutgoingException ?? failure).Message, failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or AuthenticationException)
        {
            throw new SendingException(E("The target can't be reached: {0}", (failure.InnerException ?? failure).Message), failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SendingException(E("The target did not answer within {0:0} seconds.", s_patience.TotalSeconds), failure);
        }
    }

    private async Task MailAsync(TargetSettings settings, AlertMessage message, CancellationToken cancellationToken)
    {
        var stream = await connections.ConnectAsync(settings.Host, settings.Port, cancellationToken);
        await using var session = new SmtpSession(stream, settings.Host, trust);
        await session.SendAsync(settings, message, time.GetUtcNow(), cancellationToken);
    }

    private async Task PostAsync(
        TargetKind kind, TargetSettings settings, AlertMessage message, string deliveryId, CancellationToken cancellationToken)
    {
        var url = new Uri(settings.Url);
        var body = Encoding.UTF8.GetBytes(ChatBodies.Of(kind, message, url).ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, ChatBodies.AddressOf(kind, url));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.ParseAdd("Portal");
        if (kind == TargetKind.Webhook)
        {
            Sign(request, settings.Secret, body, deliveryId);
        }
        else if (kind == TargetKind.Ntfy && settings.Secret.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Secret);
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new SendingException(E("The target answered {0} {1}.", (int)answer.StatusCode, answer.ReasonPhrase));
        }
    }

    // The time is signed too, so that what was overheard once is no good later.
    private void Sign(HttpRequestMessage request, string secret, byte[] body, string deliveryId)
    {
        request.Headers.Add("X-Portal-Delivery", deliveryId);
        if (secret.Length == 0)
        {
            return;
        }

        var stamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes(stamp + "."), .. body];
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        request.Headers.Add("X-Portal-Timestamp", stamp);
        request.Headers.Add("X-Portal-Signature", "sha256=" + Convert.ToHexStringLower(hash));
    }
}
