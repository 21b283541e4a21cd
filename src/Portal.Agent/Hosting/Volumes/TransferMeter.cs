namespace Portal.Agent.Hosting.Volumes;

/// <summary>Shows on a terminal, on one line, how much was copied; elsewhere nothing.</summary>
internal sealed class TransferMeter(TextWriter error, string done) : IDisposable
{
    private const string ClearLine = "\r\u001b[K";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private readonly bool _isShown = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
    private long _last = long.MinValue / 2;
    private bool _isThere;

    /// <summary>The last that was counted.</summary>
    public long Bytes { get; private set; }

    public void Count(long bytes)
    {
        Bytes = bytes;
        if (_isShown && Environment.TickCount64 - _last >= s_pause.TotalMilliseconds)
        {
            (_last, _isThere) = (Environment.TickCount64, true);
            error.Write($"{ClearLine}{Size.Format(bytes)} {done}");
        }
    }

    public void Clear()
    {
        if (_isThere)
        {
            _isThere = false;
            error.Write(ClearLine);
        }
    }

    public void Dispose() => Clear();
}
