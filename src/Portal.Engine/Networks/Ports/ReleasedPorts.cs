namespace Portal.Engine.Networks.Ports;

/// <summary>When this engine gave ports back. Whoever calls holds a lock; what is old is forgotten when there is much of it.</summary>
internal sealed class ReleasedPorts(TimeProvider clock)
{
    private const int Many = 256;
    private readonly Dictionary<(PortProtocol Protocol, int Port), long> _times = [];

    /// <summary>How long a port that was given back may still look as if it were taken.</summary>
    public static TimeSpan Moment => TimeSpan.FromSeconds(1);

    public void Add(PortProtocol protocol, int port)
    {
        if (_times.Count >= Many)
        {
            foreach (var old in _times.Keys.Where(key => !IsRecent(key.Protocol, key.Port)).ToList())
            {
                _times.Remove(old);
            }
        }

        _times[(protocol, port)] = clock.GetTimestamp();
    }

    /// <summary>True when a port was given back a moment ago.</summary>
    public bool IsRecent(PortProtocol protocol, int port) =>
        _times.TryGetValue((protocol, port), out var time) && clock.GetElapsedTime(time) < Moment;
}
