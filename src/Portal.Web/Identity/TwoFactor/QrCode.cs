using System.Globalization;
using System.Text;
using QRCoder;

namespace Portal.Web.Identity.TwoFactor;

/// <summary>A QR code as the path of an SVG: one unit a module, with the quiet zone that the standard asks for (ISO/IEC 18004).</summary>
/// <param name="Size">Modules across, with the quiet zone.</param>
/// <param name="Path">The dark modules, for the attribute <c>d</c>.</param>
internal sealed record QrCode(int Size, string Path)
{
    public static QrCode Of(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < data.ModuleMatrix.Count; y++)
        {
            var row = data.ModuleMatrix[y];
            for (var x = 0; x < row.Length; x++)
            {
                var start = x;
                while (x < row.Length && row[x])
                {
                    x++;
                }

                if (x > start)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h-{x - start}z");
                }
            }
        }

        return new QrCode(data.ModuleMatrix.Count, path.ToString());
    }
}
