namespace Portal.Engine.Archives;

/// <summary>Parses the lines of numbers of a pax 1.0 sparse map, block by block.</summary>
internal sealed class SparseLines
{
    private readonly List<long> _numbers = [];
    private long _current;
    private int _digits;
    private long _expected = -1;

    public bool IsComplete => _expected >= 0 && _numbers.Count >= _expected;

    public void Add(ReadOnlySpan<byte> block)
    {
        foreach (var value in block)
        {
            if (IsComplete)
            {
                return;
            }

            Add(value);
        }
    }

    public List<TarSegment> Segments() => SparseMap.Pair(_numbers);

    private void Add(byte value)
    {
        if (value is >= (byte)'0' and <= (byte)'9' && _digits < 18)
        {
            _current = (_current * 10) + (value - '0');
            _digits++;
            return;
        }

        if (value != '\n' || _digits == 0)
        {
            throw new TarFormatException("a sparse file's map is malformed");
        }

        Finish();
    }

    private void Finish()
    {
        if (_expected >= 0)
        {
            _numbers.Add(_current);
        }
        else if (_current > SparseMap.MaxSegments)
        {
            throw new TarFormatException("a sparse file's map is too long");
        }
        else
        {
            _expected = _current * 2;
        }

        _current = 0;
        _digits = 0;
    }
}
