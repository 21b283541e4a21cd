using System.Reflection;
using Microsoft.JSInterop;

namespace Portal.Web.Tests.Support;

/// <summary>The scripts of a browser as far as virtualised lists use them.</summary>
public sealed class BrowserWindow : IJSRuntime
{
    /// <summary>How many rows the window is high.</summary>
    public const int ViewedRows = 18;

    private const float RowHeight = 50;
    private object? _list;

    public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args)
    {
        if (identifier.EndsWith("Virtualize.init", StringComparison.Ordinal))
        {
            var reference = args!.First(arg => arg?.GetType().Name.StartsWith("DotNetObjectReference", StringComparison.Ordinal) == true)!;
            _list = reference.GetType().GetProperty("Value")!.GetValue(reference);
        }

        return ValueTask.FromResult(default(TValue)!);
    }

    public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
        InvokeAsync<TValue>(identifier, args);

    /// <summary>The framework's own script reports the spaces above and below the rows that are drawn; so does this.</summary>
    /// <param name="first">The topmost row in view.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="drawn">How many of them are drawn.</param>
    public void Scroll(int first, int rows, int drawn)
    {
        Call("OnSpacerBeforeVisible", first, drawn);
        if (first + ViewedRows >= rows)
        {
            Call("OnSpacerAfterVisible", 0, drawn);
        }
    }

    private void Call(string method, int spacerRows, int drawn) =>
        _list!.GetType().GetMethod(method, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)!
            .Invoke(_list, [spacerRows * RowHeight, drawn * RowHeight, ViewedRows * RowHeight]);
}
