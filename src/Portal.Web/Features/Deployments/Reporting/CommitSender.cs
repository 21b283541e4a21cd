using System.Net.Sockets;
using Portal.Data.Entities.Deployments;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Deployments.Reporting;

/// <summary>Tells a Git host how one commit stands.</summary>
/// <remarks>Singleton; any thread. Addresses inside private networks are called only where the portal's settings allow it.</remarks>
internal sealed class CommitSender(OutgoingConnections connections) : IDisposable
{
    private const int LongestAnswer = 300;
    private static readonly TimeSpan s_longestWait = TimeSpan.FromHours(1);
    private readonly HttpClient _http = connections.CreateClient();

    public void Dispose() => _http.Dispose();

    /// <returns>Null when the host took it; otherwise for how long it asks to be left alone, zero when it does not say.</returns>
    /// <exception cref="SendingException">It did not take it, or was not reached.</exception>
    public async Task<TimeSpan?> SendAsync(
        CommitReporter reporter, string token, Guid deploymentId, string commit, CommitStatus status, CancellationToken cancellationToken)
    {
        try
        {
            using var request = CommitRequest.Of(reporter, token, deploymentId, commit, status);
            using var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return null;
            }

            if (answer.StatusCode == System.Net.HttpStatusCode.TooManyRequests)
            {
                var wait = answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
                return wait < s_longestWait ? wait : s_longestWait;
            }

            var said = await answer.Content.ReadAsStringAsync(cancellationToken);

            // GitLab says so of one that stands there already, which is what was wanted.
            return answer.StatusCode == System.Net.HttpStatusCode.BadRequest
                && said.Contains("Cannot transition status", StringComparison.Ordinal)
                ? null : throw new SendingException(E("The host answered {0} {1}: {2}", (int)answer.StatusCode, answer.ReasonPhrase, Plain(said)));
        }
        catch (HttpRequestException failure) when (failure.InnerException is OutgoingException refused)
        {
            throw new SendingException(refused.Message, failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException)
        {
            throw new SendingException(E("The host can't be reached: {0}", (failure.InnerException ?? failure).Message), failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SendingException(N("The host did not answer in time."), failure);
        }
    }

    // Of others, and shown to people.
    private static string Plain(string text)
    {
        var plain = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return plain.Length <= LongestAnswer ? plain : plain[..LongestAnswer] + "…";
    }
}
