namespace Portal.Engine.Content;

/// <summary>The check sum of gzip (RFC 1952, 8), of which only putting two together is needed here: gzip makes those of the parts.</summary>
internal static class Crc32
{
    private const uint One = 1u << 31;

    // x to the power of 2 to the power of the index, modulo the sum's polynomial, with its bits reversed.
    private static readonly uint[] s_squares = MakeSquares();

    /// <summary>The sum of two parts that follow each other, as zlib's <c>crc32_combine</c>.</summary>
    /// <param name="first">The sum of the first part.</param>
    /// <param name="second">The sum of the second one.</param>
    /// <param name="secondLength">Its bytes.</param>
    public static uint Combine(uint first, uint second, long secondLength)
    {
        // The first part is followed by eight zero bits for each byte of the second one.
        var shift = One;
        for (var (bits, power) = (secondLength, 3); bits > 0; bits >>= 1, power++)
        {
            if ((bits & 1) != 0)
            {
                shift = Multiply(s_squares[power & 31], shift);
            }
        }

        return Multiply(shift, first) ^ second;
    }

    private static uint Multiply(uint a, uint b)
    {
        var product = 0u;
        for (var bit = One; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0)
            {
                product ^= b;
            }

            b = (b & 1) != 0 ? (b >> 1) ^ 0xEDB88320 : b >> 1;
        }

        return product;
    }

    private static uint[] MakeSquares()
    {
        var squares = new uint[32];
        squares[0] = 1u << 30;
        for (var power = 1; power < squares.Length; power++)
        {
            squares[power] = Multiply(squares[power - 1], squares[power - 1]);
        }

        return squares;
    }
}
