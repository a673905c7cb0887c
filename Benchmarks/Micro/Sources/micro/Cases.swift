let cases: [Case] = renderCases + policyCases + textCases + bookCases + storeCases
