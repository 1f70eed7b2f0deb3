using System.Text;
using Xeno.Portal.OAuth;

namespace Xeno.Portal.Tests.OAuth;

[Trait("Category", "Fast")]
public sealed class FormDecoderTests
{
    [Theory]
    [InlineData("a=b", "a", "b")]
    [InlineData("a", "a", "")]
    [InlineData("a=", "a", "")]
    [InlineData("=b", "", "b")]
    [InlineData("a=b=c", "a", "b=c")]
    [InlineData("a=1+2%2B3", "a", "1 2+3")]
    [InlineData("%61=%c3%BC", "a", "ü")]
    [InlineData("a=100%", "a", "100%")]
    [InlineData("a=%zz%4", "a", "%zz%4")]
    [InlineData("a=%F0%9F%98%80", "a", "😀")]
    [InlineData("a=%FF", "a", null)]
    [InlineData("a=%C0%80", "a", null)]
    [InlineData("a=%ED%A0%80", "a", null)]
    [InlineData("%FF=b", null, "b")]
    public void Pairs_are_decoded_and_not_corrected(string encoded, string? name, string? value)
        => Assert.Equal((name, value), Assert.Single(FormDecoder.Pairs(Encoding.UTF8.GetBytes(encoded))));

    [Fact]
    public void Pairs_keep_their_order_and_empty_ones_are_skipped()
        => Assert.Equal([("a", "1"), ("b", "2"), ("a", "3")], FormDecoder.Pairs("&a=1&&b=2&a=3&"u8.ToArray()));
}
