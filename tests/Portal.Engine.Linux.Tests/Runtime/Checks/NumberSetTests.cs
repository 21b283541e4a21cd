using Portal.Engine.Linux.Runtime.Checks;

namespace Portal.Engine.Linux.Tests.Runtime.Checks;

public sealed class NumberSetTests
{
    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0-2,4", new[] { 0, 1, 2, 4 })]
    [InlineData("3,3-3", new[] { 3 })]
    [InlineData("", new int[0])]
    public void Parse_List_HasItsNumbers(string text, int[] numbers)
    {
        Assert.Equal(numbers, NumberSet.Parse(text)!.Order());
    }

    [Theory]
    [InlineData(" ")]
    [InlineData(",")]
    [InlineData("0,")]
    [InlineData("0, 1")]
    [InlineData("1-")]
    [InlineData("3-1")]
    [InlineData("-1")]
    [InlineData("0-3:2/4")]
    [InlineData("0-9999999999")]
    public void Parse_WhatIsNone_IsNull(string text)
    {
        Assert.Null(NumberSet.Parse(text));
    }
}
