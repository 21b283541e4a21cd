using System.Buffers;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Metadata as header values: text as it is, bytes in base64 (sent unpadded, taken either way).</summary>
internal static class MetadataFormat
{
    /// <summary>The header value of an entry; fails on text that a header cannot carry.</summary>
    public static string Encode(Metadata.Entry entry)
    {
        if (entry.IsBinary)
        {
            return Convert.ToBase64String(entry.RawBytes).TrimEnd('=');
        }

        return entry.Value.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? throw new RpcException(new Status(
                StatusCode.Internal,
                $"The value of metadata '{entry.Key}' has characters that are not printable ASCII; use a '-bin' key."))
            : entry.Value;
    }

    /// <summary>Adds the entries of a received header; fails on base64 that is none.</summary>
    public static void Add(Metadata metadata, string name, string value)
    {
        if (!Metadata.Entry.IsValidKey(name))
        {
            // HTTP allows more characters in names than gRPC; such a header is not metadata.
            return;
        }

        if (!Metadata.Entry.HasBinarySuffix(name))
        {
            metadata.Add(name, value);
            return;
        }

        // Several values of one binary header may come joined by commas, which base64 does not use.
        foreach (var range in value.AsSpan().Split(','))
        {
            metadata.Add(name, DecodeBase64(name, value.AsSpan(range).Trim()));
        }
    }

    private static byte[] DecodeBase64(string name, ReadOnlySpan<char> text)
    {
        var core = text.TrimEnd('=');
        var padded = core.Length + ((4 - (core.Length % 4)) % 4);
        var rented = ArrayPool<char>.Shared.Rent(padded);
        try
        {
            core.CopyTo(rented);
            rented.AsSpan(core.Length, padded - core.Length).Fill('=');
            var bytes = new byte[padded / 4 * 3];
            return text.Length - core.Length <= 2 && Convert.TryFromBase64Chars(rented.AsSpan(0, padded), bytes, out var n)
                ? bytes[..n]
                : throw new RpcException(new Status(StatusCode.Internal, $"Metadata '{name}' is not valid base64."));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
