namespace Portal.Engine.Api.Calls;

/// <summary>Where the answer to a request goes that came by no socket.</summary>
public interface IDockerCaller
{
    /// <summary>The head of the answer; once, before the first byte of its body.</summary>
    Task BeginAsync(int status, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken);

    /// <summary>
    /// In place of <see cref="BeginAsync"/>: the request has taken the connection. What is sent from now on are the connection's own bytes,
    /// and the first of them are the head of HTTP's answer.
    /// </summary>
    Task TakeAsync(CancellationToken cancellationToken);

    /// <summary>The next bytes.</summary>
    Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
