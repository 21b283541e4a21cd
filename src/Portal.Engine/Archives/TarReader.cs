namespace Portal.Engine.Archives;

/// <summary>
/// Reads a tar archive front to back in constant memory: v7, ustar, pax and GNU forms with long names, sparse files and extended
/// attributes. The base library's reader can't be used for layers, because it takes attribute values for UTF-8 text, which spoils
/// file capabilities, and does not read sparse files.
/// </summary>
/// <remarks>One per archive, used by one caller at a time. It trusts nothing: every number is bounded before it is used.</remarks>
public sealed class TarReader
{
    private const int MaxPathBytes = 4095;
    private readonly TarInput _input;
    private readonly TarLimits _limits;
    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private long _entries;
    private long _dataLeft;
    private long _padding;

    /// <summary>Reads from a stream that it does not own.</summary>
    public TarReader(Stream stream, TarLimits limits)
    {
        _input = new TarInput(stream, limits.MaxBytes);
        _limits = limits;
    }

    /// <summary>
    /// The next entry, after what is left of the present one was skipped; null at the end of the archive.
    /// </summary>
    /// <exception cref="TarFormatException">The archive is malformed, cut off, or breaks a bound.</exception>
    public async ValueTask<TarEntry?> ReadNextAsync(CancellationToken cancellationToken = default)
    {
        await SkipDataAsync(cancellationToken).ConfigureAwait(false);
        var extras = new TarExtras();
        while (await ReadBlockAsync(cancellationToken).ConfigureAwait(false))
        {
            var type = new TarHeader(_block).Type;
            var size = new TarHeader(_block).Size;
            if (++_entries > _limits.MaxEntries)
            {
                throw new TarFormatException($"the archive holds over {_limits.MaxEntries} entries, the most that is allowed");
            }

            switch (type)
            {
                case (byte)'x':
                    extras.Records.Parse(await ReadSmallAsync(size, cancellationToken).ConfigureAwait(false));
                    break;
                case (byte)'L':
                    extras.LongName = TrimEnd(await ReadSmallAsync(size, cancellationToken).ConfigureAwait(false));
                    break;
                case (byte)'K':
                    extras.LongLink = TrimEnd(await ReadSmallAsync(size, cancellationToken).ConfigureAwait(false));
                    break;
                case (byte)'g' or (byte)'V':
                    // Global headers hold comments in practice, and V names a tape.
                    await ReadSmallAsync(size, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    return await FinishAsync(type, extras, cancellationToken).ConfigureAwait(false);
            }
        }

        return null;
    }

    /// <summary>Reads the present entry's data; 0 at its end. Of a sparse file, only the data of its segments.</summary>
    /// <exception cref="TarFormatException">The archive is cut off.</exception>
    public async ValueTask<int> ReadDataAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_dataLeft == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        var wanted = (int)Math.Min(buffer.Length, _dataLeft);
        var read = await _input.ReadAsync(buffer[..wanted], cancellationToken).ConfigureAwait(false);
        _dataLeft -= read;
        return read > 0 ? read : throw TarInput.Truncated();
    }

    /// <summary>Reads what follows the end of the archive, for callers that hash the whole stream.</summary>
    public ValueTask DrainAsync(CancellationToken cancellationToken = default) => _input.DrainAsync(cancellationToken);

    private async ValueTask<TarEntry> FinishAsync(byte type, TarExtras extras, CancellationToken cancellationToken)
    {
        var entry = TarEntryBuilder.Build(new TarHeader(_block), type, extras, out var dataSize, out var sparseKind);
        SetData(dataSize);
        if (sparseKind != SparseKind.None)
        {
            entry = await ReadSparseAsync(entry, sparseKind, extras.Records, cancellationToken).ConfigureAwait(false);
        }

        CheckPath(entry.PathBytes, "path");
        if (entry.Kind is TarEntryKind.HardLink or TarEntryKind.SymbolicLink)
        {
            CheckPath(entry.LinkBytes, "link target");
        }

        return entry;
    }

    private async ValueTask<TarEntry> ReadSparseAsync(
        TarEntry entry, SparseKind kind, PaxRecords records, CancellationToken cancellationToken)
    {
        if (entry.Size > _limits.MaxBytes)
        {
            throw new TarFormatException($"a sparse file is over {_limits.MaxBytes} bytes long, the most that is allowed");
        }

        var segments = kind switch
        {
            SparseKind.OldGnu => await ReadOldGnuMapAsync(cancellationToken).ConfigureAwait(false),
            SparseKind.InData => await ReadMapInDataAsync(cancellationToken).ConfigureAwait(false),
            _ => SparseMap.FromRecords(records) ?? throw new TarFormatException("a sparse file's map is missing"),
        };
        SparseMap.Check(segments, entry.Size, _dataLeft);
        return entry with { Segments = segments };
    }

    private async ValueTask<List<TarSegment>> ReadOldGnuMapAsync(CancellationToken cancellationToken)
    {
        var segments = new List<TarSegment>();
        SparseMap.AddOldGnu(segments, new TarHeader(_block).SparseArea, 4);
        var isExtended = _block[482] != 0;
        while (isExtended)
        {
            if (!await _input.ReadExactlyAsync(_block, cancellationToken).ConfigureAwait(false))
            {
                throw TarInput.Truncated();
            }

            SparseMap.AddOldGnu(segments, _block, 21);
            isExtended = _block[504] != 0 && segments.Count < SparseMap.MaxSegments;
        }

        return segments;
    }

    private async ValueTask<List<TarSegment>> ReadMapInDataAsync(CancellationToken cancellationToken)
    {
        // pax format 1.0: decimal lines (count, then offset and length of each), padded to whole blocks, before the data.
        var parser = new SparseLines();
        var block = new byte[TarHeader.BlockSize];
        while (!parser.IsComplete)
        {
            if (_dataLeft < block.Length)
            {
                throw new TarFormatException("a sparse file's map is cut off");
            }

            await _input.ReadExactlyAsync(block, cancellationToken).ConfigureAwait(false);
            _dataLeft -= block.Length;
            parser.Add(block);
        }

        return parser.Segments();
    }

    private async ValueTask<bool> ReadBlockAsync(CancellationToken cancellationToken)
    {
        // The end is a block of zeros (two by the book); many programs write one or none.
        return await _input.ReadExactlyAsync(_block, cancellationToken).ConfigureAwait(false)
            && _block.AsSpan().ContainsAnyExcept((byte)0);
    }

    private async ValueTask<byte[]> ReadSmallAsync(long size, CancellationToken cancellationToken)
    {
        if (size > _limits.MaxHeaderBytes)
        {
            throw new TarFormatException($"an extended header holds over {_limits.MaxHeaderBytes} bytes");
        }

        SetData(size);
        var content = new byte[size];
        if (size > 0 && !await _input.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false))
        {
            throw TarInput.Truncated();
        }

        _dataLeft = 0;
        await SkipDataAsync(cancellationToken).ConfigureAwait(false);
        return content;
    }

    private async ValueTask SkipDataAsync(CancellationToken cancellationToken)
    {
        if (!await _input.SkipAsync(_dataLeft, cancellationToken).ConfigureAwait(false))
        {
            throw TarInput.Truncated();
        }

        // The last entry may lack its padding: the docker CLI ends contexts so when it adds a Dockerfile from elsewhere.
        await _input.SkipAsync(_padding, cancellationToken).ConfigureAwait(false);
        _dataLeft = 0;
        _padding = 0;
    }

    private void SetData(long size)
    {
        if (size > _limits.MaxBytes)
        {
            throw new TarFormatException($"an entry holds over {_limits.MaxBytes} bytes, the most that is allowed");
        }

        _dataLeft = size;
        _padding = -size & (TarHeader.BlockSize - 1);
    }

    private static void CheckPath(byte[] path, string what)
    {
        if (path.Length is 0 or > MaxPathBytes || path.Contains((byte)0))
        {
            throw new TarFormatException($"a {what} is empty, holds a NUL, or is over {MaxPathBytes} bytes long");
        }
    }

    private static byte[] TrimEnd(byte[] text)
    {
        var end = Array.IndexOf(text, (byte)0);
        return end < 0 ? text : text[..end];
    }
}
