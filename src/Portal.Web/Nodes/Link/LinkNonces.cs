using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Portal.Web.Nodes.Link;

/// <summary>
/// Nonces for agents to sign: good for 30 s and once. A nonce is the time, random bytes and an authentication
/// code over both, so that asking
/// for one, which anybody may, costs no memory; only those that came back with a valid signature are remembered, until they expire.
/// </summary>
/// <remarks>Singleton; any thread. The key is made at start: after a restart agents ask again.</remarks>
internal sealed class LinkNonces(TimeProvider time)
{
    private const int PrefixLength = 16;
    private const int Length = 32;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(30);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly Queue<(string Nonce, DateTimeOffset Expiry)> _expiring = new();

    public string Create()
    {
        var nonce = new byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(nonce, time.GetUtcNow().UtcTicks);
        RandomNumberGenerator.Fill(nonce.AsSpan(8, 8));
        Authenticate(nonce.AsSpan(0, PrefixLength)).CopyTo(nonce.AsSpan(PrefixLength));
        return Base64Url.EncodeToString(nonce);
    }

    /// <summary>True for a nonce of ours that has not expired.</summary>
    public bool IsGood(string text)
    {
        var nonce = new byte[Length + 1];
        if (text.Length > 64
            || Base64Url.DecodeFromChars(text, nonce, out _, out var length) != OperationStatus.Done
            || length != Length
            || Base64Url.EncodeToString(nonce.AsSpan(0, Length)) != text)
        {
            return false;
        }

        var code = nonce.AsSpan(PrefixLength, Length - PrefixLength);
        if (!CryptographicOperations.FixedTimeEquals(Authenticate(nonce.AsSpan(0, PrefixLength)), code))
        {
            return false;
        }

        var age = time.GetUtcNow().UtcTicks - BinaryPrimitives.ReadInt64BigEndian(nonce);
        return age >= 0 && age <= s_lifetime.Ticks;
    }

    /// <summary>Uses a good nonce up. Call it after the signature was verified.</summary>
    /// <returns>False when it was used before.</returns>
    public bool TryUse(string text)
    {
        var now = time.GetUtcNow();
        lock (_used)
        {
            // The oldest first: when a thousand nodes come back at once, each looks at the few that are over, not at all.
            while (_expiring.TryPeek(out var oldest) && oldest.Expiry < now)
            {
                _used.Remove(_expiring.Dequeue().Nonce);
            }

            if (!_used.Add(text))
            {
                return false;
            }

            _expiring.Enqueue((text, now + s_lifetime));
            return true;
        }
    }

    private byte[] Authenticate(ReadOnlySpan<byte> prefix)
    {
        return HMACSHA256.HashData(_key, prefix)[..(Length - PrefixLength)];
    }
}
