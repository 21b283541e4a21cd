namespace Portal.Engine.Logs;

/// <summary>Reads what containers wrote.</summary>
public interface IContainerLogs
{
    /// <summary>
    /// The lines of a container, oldest first; with <see cref="LogQuery.Follow"/> it goes on until the container has ended (across
    /// restarts of the container, for as long as it is there) or the reader stops. Nothing is lost or doubled when
    /// a file is rotated meanwhile.
    /// </summary>
    /// <exception cref="Errors.EngineException">NotFound: no such container.</exception>
    IAsyncEnumerable<LogRecord> ReadAsync(string container, LogQuery query, CancellationToken cancellationToken = default);
}
