using System.Text;

namespace Grpc.Core;

/// <content>One entry.</content>
public sealed partial class Metadata
{
    /// <summary>A key with its text or bytes. Cannot be changed.</summary>
    public class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>Makes a text entry; the key must not end in <c>-bin</c>.</summary>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = Normalize(key);
            if (HasBinarySuffix(Key))
            {
                throw new ArgumentException("A key that ends in '-bin' takes a binary value.", nameof(key));
            }

            _text = value;
        }

        /// <summary>Makes a binary entry; the key must end in <c>-bin</c>. The bytes are copied.</summary>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = Normalize(key);
            if (!HasBinarySuffix(Key))
            {
                throw new ArgumentException("The key of a binary value must end in '-bin'.", nameof(key));
            }

            _bytes = (byte[])valueBytes.Clone();
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is bytes.</summary>
        public bool IsBinary => _bytes is not null;

        /// <summary>The bytes of the value, in an array of its own; those of the ASCII text of a text entry.</summary>
        public byte[] ValueBytes => _bytes is not null ? (byte[])_bytes.Clone() : Encoding.ASCII.GetBytes(_text!);

        /// <summary>The text of the value; fails for a binary entry.</summary>
        public string Value =>
            _text ?? throw new InvalidOperationException("Cannot access string value of a binary metadata entry");

        internal ReadOnlySpan<byte> RawBytes => _bytes;

        /// <inheritdoc/>
        public override string ToString() =>
            IsBinary ? $"[Entry: key={Key}, valueBytes={Convert.ToHexString(_bytes!)}]" : $"[Entry: key={Key}, value={_text}]";

        internal static bool HasBinarySuffix(string key) =>
            key.EndsWith(BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase);

        internal static bool IsValidKey(string key)
        {
            foreach (var c in key)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
                {
                    return false;
                }
            }

            return key.Length > 0;
        }

        internal bool KeyEquals(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static string Normalize(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            return IsValidKey(key)
                ? key.ToLowerInvariant()
                : throw new ArgumentException(
                    "Metadata entry key not valid. Keys can only contain alphanumeric characters, underscores, "
                    + "hyphens and dots.",
                    nameof(key));
        }
    }
}
