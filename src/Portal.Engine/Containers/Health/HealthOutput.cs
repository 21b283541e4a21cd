using System.Text;

namespace Portal.Engine.Containers.Health;

/// <summary>What a probe writes, up to Docker's bound; what comes after is read and dropped, so that the probe is not held up.</summary>
internal sealed class HealthOutput
{
    private const int Most = 4096;
    private readonly Lock _lock = new();
    private readonly byte[] _bytes = new byte[Most];
    private int _length;
    private bool _cut;

    public void Add(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            var taken = Math.Min(data.Length, Most - _length);
            data[..taken].CopyTo(_bytes.AsSpan(_length));
            _length += taken;
            _cut |= taken < data.Length;
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return Encoding.UTF8.GetString(_bytes, 0, _length) + (_cut ? "..." : "");
        }
    }
}
