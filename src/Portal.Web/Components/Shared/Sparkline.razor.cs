using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace Portal.Web.Components.Shared;

/// <summary>A small line without axes, drawn by the server: for overviews. Charts that one studies are uPlot's.</summary>
public sealed partial class Sparkline
{
    private const double Height = 40;
    private const double Width = 100;

    /// <summary>Oldest first.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<double> Values { get; set; } = [];

    /// <summary>The value at the upper edge; the largest one unless given.</summary>
    [Parameter]
    public double? Maximum { get; set; }

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    private string Line { get; set; } = "";

    private string Area => string.Create(CultureInfo.InvariantCulture, $"{Line}L{Width} {Height}L0 {Height}Z");

    protected override void OnParametersSet()
    {
        if (Values.Count < 2)
        {
            return;
        }

        var top = Math.Max(Maximum ?? Values.Max(), double.Epsilon);
        var path = new StringBuilder(Values.Count * 12);
        for (var i = 0; i < Values.Count; i++)
        {
            var x = Width * i / (Values.Count - 1);
            var y = Height - (Math.Clamp(Values[i] / top, 0, 1) * (Height - 2)) - 1;
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{x:0.##} {y:0.##}");
        }

        Line = path.ToString();
    }
}
